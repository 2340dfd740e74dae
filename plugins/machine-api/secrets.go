package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// shortest is how long a value must be to be taken for a secret: of shorter ones, every log is full.
const shortest = 6

// secrets are the values of all Secrets that were read, which no log line may show: controllers log errors of vCenter's client as they come.
type secrets struct {
	mu     sync.RWMutex
	values map[string]struct{}
}

func (s *secrets) add(secret *corev1.Secret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.values == nil {
		s.values = map[string]struct{}{}
	}
	for name, data := range secret.Data {
		// A name of a user is no secret, and part of other names.
		if value := string(data); len(value) >= shortest && !strings.HasSuffix(name, "username") {
			s.values[value] = struct{}{}
			// As it stands in JSON.
			if quoted, err := json.Marshal(value); err == nil {
				s.values[string(quoted[1:len(quoted)-1])] = struct{}{}
			}
		}
	}
}

func (s *secrets) hide(line []byte) []byte {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for value := range s.values {
		line = bytes.ReplaceAll(line, []byte(value), []byte("[hidden]"))
	}
	return line
}

// redacted writes what slog's handlers hand over, a line at a time.
type redacted struct {
	to      io.Writer
	secrets *secrets
}

func (r *redacted) Write(line []byte) (int, error) {
	if _, err := r.to.Write(r.secrets.hide(line)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// learning is a client that adds each Secret that is read.
type learning struct {
	client.Client
	secrets *secrets
}

func (l *learning) Get(ctx context.Context, key client.ObjectKey, object client.Object, options ...client.GetOption) error {
	err := l.Client.Get(ctx, key, object, options...)
	if secret, ok := object.(*corev1.Secret); ok && err == nil {
		l.secrets.add(secret)
	}
	return err
}

// newClient reads Secrets and ConfigMaps from the API server each time: a cache would need to list all of the namespace.
func (s *secrets) newClient(config *rest.Config, options client.Options) (client.Client, error) {
	plain, err := client.New(config, options)
	if err != nil {
		return nil, err
	}
	return &learning{plain, s}, nil
}
