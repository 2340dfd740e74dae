// Vcsim serves govmomi's vCenter simulator over TLS on a loopback port, with faults on demand.
//
// It prints one line of JSON when it serves and ends when its standard input does. The password is VCSIM_PASSWORD; without
// one, any user may log in.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	// Services beside the SOAP API: tags and content libraries, storage policies, volumes of CNS.
	_ "github.com/vmware/govmomi/cns/simulator"
	_ "github.com/vmware/govmomi/pbm/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator"
)

const version = "0.52.0"

// ready is what the line says.
type ready struct {
	// Host and port, as `vsphereServer` takes it.
	Server string `json:"server"`
	URL    string `json:"url"`
	User   string `json:"user"`
	// CA is the PEM file of the authority that signed the certificate.
	CA string `json:"ca"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "vcsim:", err)
		os.Exit(1)
	}
}

func run() error {
	options := flagsOf(flag.CommandLine)
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()
	if *showVersion {
		fmt.Println("vcsim", version)
		return nil
	}
	model, err := options.model()
	if err != nil {
		return err
	}
	defer model.Remove()
	authority, config, err := certificateFor(options.tlsNames)
	if err != nil {
		return err
	}
	if err := os.WriteFile(options.caFile, authority, 0o644); err != nil {
		return err
	}
	model.Service.TLS = config
	model.Service.RegisterEndpoints = true
	model.Service.Listen = &url.URL{Host: options.listen}
	if password := os.Getenv("VCSIM_PASSWORD"); password != "" {
		model.Service.Listen.User = url.UserPassword(options.user, password)
	}
	server := model.Service.NewServer()
	front := newFront(server)
	line := ready{Server: server.URL.Host, URL: "https://" + server.URL.Host + "/sdk", User: options.user, CA: options.caFile}
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		return err
	}
	waitForEnd()
	front.rules.clear()
	server.CloseClientConnections()
	return nil
}

// waitForEnd returns when whoever started us is gone, or asks for it.
func waitForEnd() {
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		ended <- syscall.SIGTERM
	}()
	<-ended
}
