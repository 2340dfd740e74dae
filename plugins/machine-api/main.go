// Command machine-api-controllers runs the controllers of the Machine API: of MachineSets, Machines (with drain), health checks and the
// links between Machines and Nodes, and where it is asked for those of the autoscaler's operator. What a machine is, an actuator knows: the one of vSphere in this process, or one that serves a socket.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	ctrl "sigs.k8s.io/controller-runtime"
)

const version = "1.0.0"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, errorLine(err))
		os.Exit(1)
	}
}

func run() error {
	var options options
	// A set of its own: packages of the controllers declare their own flags in the common one.
	flags := flag.NewFlagSet("machine-api-controllers", flag.ExitOnError)
	options.declare(flags)
	showVersion := flags.Bool("version", false, "print the version and exit")
	_ = flags.Parse(os.Args[1:])
	if *showVersion {
		fmt.Println("machine-api-controllers", version)
		return nil
	}
	if err := options.check(flags.Args()); err != nil {
		return err
	}
	secrets := logAsJSON(os.Stderr)
	// SIGTERM and SIGINT; what an actuator is asked then ends with the context, and is asked again after the next start.
	ctx := ctrl.SetupSignalHandler()
	if options.stopWithInput {
		ctx = untilEndOfInput(ctx)
	}
	manager, err := newManager(ctx, &options, secrets)
	if err != nil {
		return err
	}
	return manager.Start(ctx)
}

// untilEndOfInput ends also with standard input: the process that holds its other end is gone then, however it ended.
func untilEndOfInput(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()
	return ctx
}
