#!/bin/bash
# Makes the certificates of the tunnel's two ends: signed for each other alone, and for as long as a bootstrap may take. Arguments: a folder, the address
# that agents call this machine by.
set -euo pipefail
umask 077
folder=$1
address=$2
DAYS=1

work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

# In place of the machine's, which may add what it likes.
export OPENSSL_CONF=$work/openssl.cnf
cat >"$OPENSSL_CONF" <<END
[req]
distinguished_name = name
x509_extensions = signer
[name]
[signer]
basicConstraints = critical, CA:TRUE
keyUsage = critical, digitalSignature, keyEncipherment, keyCertSign
subjectKeyIdentifier = hash
END

# sign NAME COMMON-NAME USAGE [SUBJECT-ALTERNATIVE-NAME]
sign() {
  openssl req -new -newkey rsa:2048 -nodes -keyout "$folder/konnectivity-$1.key" -subj "/O=openshift/CN=$2" -out "$work/$1.csr"
  {
    echo "basicConstraints = CA:FALSE"
    echo "keyUsage = digitalSignature, keyEncipherment"
    echo "extendedKeyUsage = $3"
    [[ -z ${4:-} ]] || echo "subjectAltName = $4"
  } >"$work/$1.ext"
  openssl x509 -req -in "$work/$1.csr" -CA "$folder/konnectivity-signer.crt" -CAkey "$work/signer.key" -set_serial "0x$(openssl rand -hex 16)" -days $DAYS \
    -sha256 -extfile "$work/$1.ext" -out "$folder/konnectivity-$1.crt"
}

mkdir -p "$folder"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/signer.key" -subj "/OU=openshift/CN=konnectivity-signer" -days $DAYS -sha256 \
  -out "$folder/konnectivity-signer.crt"
sign server konnectivity-server serverAuth "IP:$address,DNS:localhost"
sign agent konnectivity-agent clientAuth
