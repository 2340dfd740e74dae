package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
)

// statusServer serves health and metrics over a unix socket that only the own user opens. It runs with and without the Lease.
type statusServer struct {
	path  string
	cache cache.Cache
	ping  func(context.Context) error
}

// NeedLeaderElection is asked by the manager.
func (*statusServer) NeedLeaderElection() bool { return false }

// Start serves until the context ends.
func (s *statusServer) Start(ctx context.Context) error {
	listener, err := listenPrivately(s.path)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	// Alive: the process answers.
	mux.HandleFunc("GET /healthz", func(writer http.ResponseWriter, _ *http.Request) { _, _ = writer.Write([]byte("ok\n")) })
	// Ready: the API server has listed what there is, and the actuator is there.
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics.Registry, promhttp.HandlerOpts{ErrorHandling: promhttp.HTTPErrorOnError}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (s *statusServer) ready(writer http.ResponseWriter, request *http.Request) {
	ctx, cancel := context.WithTimeout(request.Context(), 5*time.Second)
	defer cancel()
	if !s.cache.WaitForCacheSync(ctx) {
		http.Error(writer, "the API server has not listed yet what there is", http.StatusServiceUnavailable)
		return
	}
	if err := s.ping(ctx); err != nil {
		http.Error(writer, fmt.Sprintf("the actuator is not there: %v", err), http.StatusServiceUnavailable)
		return
	}
	_, _ = writer.Write([]byte("ok\n"))
}

// listenPrivately takes the place of a socket that a process left that was killed, and of nothing else.
func listenPrivately(path string) (net.Listener, error) {
	if found, err := os.Lstat(path); err == nil {
		if found.Mode().Type() != os.ModeSocket {
			return nil, fmt.Errorf("%s is there, and is no socket", path)
		}
		if connection, err := net.Dial("unix", path); err == nil {
			_ = connection.Close()
			return nil, fmt.Errorf("%s is another process's", path)
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	// Between listen and chmod nobody else shall get in.
	old := syscall.Umask(0o177)
	defer syscall.Umask(old)
	return net.Listen("unix", path)
}
