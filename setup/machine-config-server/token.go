package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// The only header that tokens have (RFC 7515, RFC 8037), compared as it stands: a token has no say in how it is verified.
const tokenHeader = `{"alg":"EdDSA","typ":"JWT"}`

// None of our tokens comes near it.
const longestToken = 2048

var errToken = errors.New("not a token of this cluster")

// claims are what a token says: whose it is, and for what.
type claims struct {
	// Cluster is the infraID.
	Cluster string `json:"iss"`
	// Pool is the only one whose config the token opens.
	Pool string `json:"pool"`
	// Machine is the only one that may use it; empty for a token of the whole pool.
	Machine string `json:"sub"`
	// Expires is in seconds since 1970; 0 is never.
	Expires int64 `json:"exp"`
}

// verifier knows tokens by their signature; it can make none.
type verifier struct {
	key     ed25519.PublicKey
	cluster string
	now     func() time.Time
}

func readVerifier(path, cluster string, now func() time.Time) (*verifier, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s is not PEM", path)
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	key, ok := parsed.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("%s is not an Ed25519 public key", path)
	}
	return &verifier{key, cluster, now}, nil
}

// verify returns the claims of a token whose signature, cluster and time are right. Nothing of a token is read before its signature.
func (v *verifier) verify(token string) (claims, error) {
	var found claims
	if len(token) > longestToken {
		return found, errToken
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 || parts[0] != base64.RawURLEncoding.EncodeToString([]byte(tokenHeader)) {
		return found, errToken
	}
	signature, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil || !ed25519.Verify(v.key, []byte(parts[0]+"."+parts[1]), signature) {
		return found, errToken
	}
	payload, err := base64.RawURLEncoding.Strict().DecodeString(parts[1])
	if err != nil {
		return found, errToken
	}
	decoder := json.NewDecoder(bytes.NewReader(payload))
	// A claim that this version does not know could be a condition.
	decoder.DisallowUnknownFields()
	if decoder.Decode(&found) != nil || found.Cluster != v.cluster || found.Pool == "" {
		return claims{}, errToken
	}
	if found.Expires != 0 && v.now().Unix() >= found.Expires {
		return claims{}, errors.New("expired token")
	}
	return found, nil
}
