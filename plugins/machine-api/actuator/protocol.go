// Package actuator lets the machine controller create machines by asking a server on a unix socket.
//
// Protocol, version 1: POST /v1/exists, /v1/create, /v1/update or /v1/delete with a Request in JSON, answered with 200 and an Answer. Any
// other status, or no answer at all, says nothing about the machine: the controller asks again later.
package actuator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	machinev1 "github.com/openshift/api/machine/v1beta1"
	corev1 "k8s.io/api/core/v1"
)

// Request is what each call sends.
type Request struct {
	Machine *machinev1.Machine `json:"machine"`
	// UserData is the key of that name of the Secret that the providerSpec names; in create alone.
	UserData *string `json:"userData,omitempty"`
}

// Answer is what each call brings. What is not there stays in the Machine as it was.
type Answer struct {
	Exists        *bool                `json:"exists,omitempty"`
	ProviderID    string               `json:"providerID,omitempty"`
	Addresses     []corev1.NodeAddress `json:"addresses,omitempty"`
	InstanceState string               `json:"instanceState,omitempty"`
	InstanceType  string               `json:"instanceType,omitempty"`
	Region        string               `json:"region,omitempty"`
	Zone          string               `json:"zone,omitempty"`
	// ProviderStatus goes to the Machine's status; its conditions are the controller's.
	ProviderStatus map[string]any `json:"providerStatus,omitempty"`
	Error          *Failure       `json:"error,omitempty"`
}

// Failure is why a call did not do what it was asked for.
type Failure struct {
	Kind           Kind    `json:"kind"`
	Reason         string  `json:"reason"`
	Message        string  `json:"message"`
	RequeueSeconds float64 `json:"requeueSeconds,omitempty"`
}

// Kind says what becomes of the Machine.
type Kind string

const (
	// Invalid can never work as the Machine is: it fails for good.
	Invalid Kind = "Invalid"
	// Failed may work later, with a back-off.
	Failed Kind = "Failed"
	// Requeue will work, in so many seconds.
	Requeue Kind = "Requeue"
)

// Calls, by their last part of the path.
const (
	callExists = "exists"
	callCreate = "create"
	callUpdate = "update"
	callDelete = "delete"
)

// timeouts are for what may take long on a busy host: a create copies a disk.
var timeouts = map[string]time.Duration{
	callExists: time.Minute,
	callUpdate: 2 * time.Minute,
	callDelete: 10 * time.Minute,
	callCreate: 20 * time.Minute,
}

const maxAnswer = 1 << 20

// Socket asks the server.
type Socket struct {
	path   string
	client *http.Client
}

// NewSocket opens no connection yet.
func NewSocket(path string) *Socket {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, "unix", path)
	}
	transport := &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 8, IdleConnTimeout: 30 * time.Second, DisableCompression: true}
	return &Socket{path: path, client: &http.Client{Transport: transport}}
}

// Ping reports whether somebody listens.
func (s *Socket) Ping(ctx context.Context) error {
	connection, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "unix", s.path)
	if err != nil {
		return err
	}
	return connection.Close()
}

// Ask returns an error only where nothing is known about the machine. An Answer may hold a Failure.
func (s *Socket) Ask(ctx context.Context, call string, request Request) (*Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, timeouts[call])
	defer cancel()
	body, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	// The host is part of HTTP, and of no use on a socket.
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://actuator/v1/"+call, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	post.Header.Set("Content-Type", "application/json")
	response, err := s.client.Do(post)
	if err != nil {
		return nil, fmt.Errorf("the actuator does not answer: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("the actuator's answer broke off: %w", err)
	}
	// What it holds is not repeated: whoever listens there may not be the actuator.
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the actuator answered %s with status %d", call, response.StatusCode)
	}
	if len(text) > maxAnswer {
		return nil, fmt.Errorf("the actuator's answer to %s is longer than %d bytes", call, maxAnswer)
	}
	var answer Answer
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, fmt.Errorf("the actuator's answer to %s cannot be read: %w", call, err)
	}
	return &answer, answer.check(call)
}

func (a *Answer) check(call string) error {
	if failure := a.Error; failure != nil {
		switch failure.Kind {
		case Invalid, Failed, Requeue:
		default:
			return fmt.Errorf("the actuator's answer to %s has an error of the unknown kind %q", call, failure.Kind)
		}
		if failure.Reason == "" || failure.Message == "" {
			return fmt.Errorf("the actuator's answer to %s has an error without reason or message", call)
		}
	} else if call == callExists && a.Exists == nil {
		return errors.New("the actuator's answer does not say whether the machine exists")
	}
	return nil
}
