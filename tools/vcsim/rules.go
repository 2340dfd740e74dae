package main

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Rule says what happens to requests of one kind. Of several that fit, the first counts.
type Rule struct {
	// Path is the start of the URL's path: `/sdk`, `/rest`, `/api`, `/nfc`.
	Path string `json:"path"`
	// Method is the SOAP method (`CloneVM_Task`), or the HTTP method elsewhere; empty fits all.
	Method string `json:"method"`
	// Skip lets so many fitting requests pass first; Times is how many are hit then, 0 for all.
	Skip  int `json:"skip"`
	Times int `json:"times"`
	// Status answers at once with that HTTP status.
	Status int `json:"status"`
	// DelayMs lets the request wait first.
	DelayMs int `json:"delayMs"`
	// Hang never answers, until the rules are cleared or the client gives up.
	Hang bool `json:"hang"`
	// Reset breaks the connection.
	Reset bool `json:"reset"`
	// BytesPerSecond slows the reading of the request's body down.
	BytesPerSecond int `json:"bytesPerSecond"`
	// Expire makes all sessions of before unknown, and lets the request go on.
	Expire bool `json:"expire"`

	seen int
}

// rules is the list in force, and the count of requests by path and method.
type rules struct {
	mu      sync.Mutex
	list    []*Rule
	counts  map[string]int
	cleared chan struct{}
}

func newRules() *rules {
	return &rules{counts: map[string]int{}, cleared: make(chan struct{})}
}

// add puts rules behind those in force.
func (r *rules) add(list []*Rule) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, list...)
}

// clear takes all rules away and lets hanging requests go on.
func (r *rules) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = nil
	close(r.cleared)
	r.cleared = make(chan struct{})
}

// match counts the request, and finds the rule for it with what ends a hang.
func (r *rules) match(path, method string) (*Rule, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[rootOf(path)+" "+method]++
	for _, rule := range r.list {
		if !strings.HasPrefix(path, rule.Path) || (rule.Method != "" && rule.Method != method) {
			continue
		}
		rule.seen++
		if rule.seen <= rule.Skip || (rule.Times > 0 && rule.seen > rule.Skip+rule.Times) {
			continue
		}
		return rule, r.cleared
	}
	return nil, r.cleared
}

func rootOf(path string) string {
	return "/" + strings.SplitN(strings.TrimPrefix(path, "/"), "/", 2)[0]
}

var soapMethod = regexp.MustCompile(`<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)`)

// methodOf reads the SOAP method out of the body, and puts the body back.
func methodOf(request *http.Request) (string, error) {
	if rootOf(request.URL.Path) != "/sdk" || request.Method != http.MethodPost {
		return request.Method, nil
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return "", err
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	if found := soapMethod.FindSubmatch(body); found != nil {
		return string(found[1]), nil
	}
	return "", nil
}

// slowBody lets a body come no faster than so many bytes a second.
type slowBody struct {
	io.ReadCloser
	bytesPerSecond int
}

func (s *slowBody) Read(into []byte) (int, error) {
	part := max(1, s.bytesPerSecond/10)
	if len(into) > part {
		into = into[:part]
	}
	n, err := s.ReadCloser.Read(into)
	time.Sleep(time.Duration(n) * time.Second / time.Duration(s.bytesPerSecond))
	return n, err
}
