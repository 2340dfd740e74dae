// Command machine-config-server hands Ignition configs to machines that boot for the first time: to each by a token of its own, and
// nothing to anybody else.
package main

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

const version = "1.0.0"

// A machine without acceleration takes its time for a hundred kilobytes; whoever only holds a connection open does not get that long.
const (
	headerTimeout  = 15 * time.Second
	writeTimeout   = 2 * time.Minute
	idleTimeout    = 30 * time.Second
	maxHeaderBytes = 8 << 10
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatalln("machine-config-server:", err)
	}
}

func run() error {
	var options options
	options.declare(flag.CommandLine)
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()
	if *showVersion {
		fmt.Println("machine-config-server", version)
		return nil
	}
	handler, err := options.handler()
	if err != nil {
		return err
	}
	certificate, err := tls.LoadX509KeyPair(options.certificate, options.key)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", options.listen)
	if err != nil {
		return err
	}
	// Who let the system choose the port learns it here.
	log.Println("listening on", listener.Addr())
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       headerTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		// Its complaints are about clients that anybody can be: scanners would fill the journal.
		ErrorLog:  log.New(io.Discard, "", 0),
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}},
		// HTTP/1.1 alone: one file a machine needs no more.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	return server.ServeTLS(listener, "", "")
}

type options struct {
	listen, certificate, key, configs, tokenKey, cluster, etcdEndpoint    string
	apiServer, apiServerCA, apiServerCertificate, apiServerCertificateKey string
}

func (o *options) declare(flags *flag.FlagSet) {
	flags.StringVar(&o.listen, "listen", ":22623", "address and port")
	flags.StringVar(&o.certificate, "certificate", "", "PEM file of the serving certificate")
	flags.StringVar(&o.key, "key", "", "PEM file of its key")
	flags.StringVar(&o.configs, "configs", "", "folder with the configs to hand out, each named as its pool")
	flags.StringVar(&o.tokenKey, "token-key", "", "PEM file of the public key that tokens are signed with")
	flags.StringVar(&o.cluster, "cluster", "", "infraID of the cluster that tokens must be of")
	flags.StringVar(&o.etcdEndpoint, "etcd-endpoint", "", "URL of this machine's etcd member, for control-plane machines that join")
	flags.StringVar(&o.apiServer, "api-server", "https://127.0.0.1:6443", "API that knows which machines are nodes already")
	flags.StringVar(&o.apiServerCA, "api-server-ca", "", "PEM file of the authority that the API's certificate is of")
	flags.StringVar(&o.apiServerCertificate, "api-server-certificate", "", "PEM file of the client certificate for it")
	flags.StringVar(&o.apiServerCertificateKey, "api-server-key", "", "PEM file of its key")
}

func (o *options) handler() (http.Handler, error) {
	if o.cluster == "" || o.configs == "" {
		return nil, errors.New("-cluster and -configs are needed")
	}
	verifier, err := readVerifier(o.tokenKey, o.cluster, time.Now)
	if err != nil {
		return nil, err
	}
	nodes, err := newNodes(o.apiServer, o.apiServerCA, o.apiServerCertificate, o.apiServerCertificateKey)
	if err != nil {
		return nil, err
	}
	return &server{verifier: verifier, nodes: nodes, configs: os.DirFS(o.configs), etcdEndpoint: o.etcdEndpoint}, nil
}
