package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"log/slog"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
)

// logAsJSON lets everything that logs write lines of JSON, without the secrets that the returned set comes to know.
func logAsJSON(to io.Writer) *secrets {
	known := &secrets{}
	handler := slog.NewJSONHandler(&redacted{to: to, secrets: known}, nil)
	logger := logr.FromSlogHandler(handler)
	klog.SetLogger(logger)
	ctrl.SetLogger(logger)
	log.SetFlags(0)
	log.SetOutput(slog.NewLogLogger(handler, slog.LevelError).Writer())
	return known
}

// errorLine is the last line of a program that ends with an error.
func errorLine(err error) string {
	if err == nil {
		err = errors.New("unknown")
	}
	line, _ := json.Marshal(map[string]string{"level": "ERROR", "msg": "machine-api-controllers ended", "error": err.Error()})
	return string(line)
}
