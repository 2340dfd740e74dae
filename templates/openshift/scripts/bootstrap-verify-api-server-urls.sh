#!/bin/bash
# Looks whether the API's names lead anywhere. Sourced. Nothing stops without them: what is found is in the record, for whoever asks why nodes do not come.

# verify STAGE MARKER COMMAND [ARGUMENT...]: a stage that may fail.
verify() {
  local stage=$1 marker=$2 try
  shift 2
  [[ ! -e $marker ]] || return 0
  stage_begin "$stage"
  for try in 1 2 3; do
    ((try == 1)) || sleep 2
    if "$@"; then
      touch "$marker"
      stage_end success
      return
    fi
  done
  stage_end failure
}

# resolve_name HOST
resolve_name() {
  local addresses
  addresses=$(dig +short "$1" A && dig +short "$1" AAAA) || addresses=
  if [[ -z $addresses ]]; then
    echo "no DNS server knows $1" >&2
    return 1
  fi
  echo "$1 is ${addresses//$'\n'/, }"
}

# check_url HOST
check_url() {
  curl --silent --show-error --fail --insecure --max-time 10 --output /dev/null "https://$1:6443/readyz"
}
