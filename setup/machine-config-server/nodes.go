package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"
)

// An emulated API server may need half of it; Ignition itself gives up on an answer after ten seconds, and asks again.
const apiTimeout = 9 * time.Second

// nodes asks an API server which machines are in the cluster already.
type nodes struct {
	server string
	client *http.Client
}

func newNodes(server, caFile, certificateFile, keyFile string) (*nodes, error) {
	ca, err := os.ReadFile(caFile)
	if err != nil {
		return nil, err
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(ca) {
		return nil, fmt.Errorf("%s holds no certificate", caFile)
	}
	certificate, err := tls.LoadX509KeyPair(certificateFile, keyFile)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: authorities, Certificates: []tls.Certificate{certificate}}
	// No proxy: the API is this machine's own.
	return &nodes{server, &http.Client{Timeout: apiTimeout, Transport: &http.Transport{TLSClientConfig: config, MaxIdleConns: 1}}}, nil
}

// has reports whether there is a Node of that name.
func (n *nodes) has(ctx context.Context, name string) (bool, error) {
	// Metadata alone: a Node is large.
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, n.server+"/api/v1/nodes/"+url.PathEscape(name), nil)
	if err != nil {
		return false, err
	}
	request.Header.Set("Accept", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1")
	response, err := n.client.Do(request)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	// Read to its end, so that the connection can be used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	switch response.StatusCode {
	case http.StatusOK:
		return true, nil
	case http.StatusNotFound:
		return false, nil
	}
	return false, fmt.Errorf("the API answered %s", response.Status)
}
