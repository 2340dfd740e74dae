package main

import (
	"crypto/tls"
	"encoding/json"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/vmware/govmomi/simulator"
)

// front stands before the simulator: it applies the rules, and answers `/vcsim/…` itself.
//
//	POST   /vcsim/rules     adds a list of Rule
//	DELETE /vcsim/rules     takes all away
//	GET    /vcsim/requests  how many requests came, by path and method
//	POST   /vcsim/expire    makes all sessions unknown
//	POST   /vcsim/restart   ?for=2s: refuses connections for so long, and has then no sessions
type front struct {
	server   *simulator.Server
	next     http.Handler
	rules    *rules
	sessions *sessions
}

func newFront(server *simulator.Server) *front {
	f := &front{server: server, next: server.Config.Handler, rules: newRules(), sessions: newSessions()}
	control := http.NewServeMux()
	control.HandleFunc("POST /vcsim/rules", f.addRules)
	control.HandleFunc("DELETE /vcsim/rules", func(http.ResponseWriter, *http.Request) { f.rules.clear() })
	control.HandleFunc("GET /vcsim/requests", f.requests)
	control.HandleFunc("POST /vcsim/expire", func(http.ResponseWriter, *http.Request) { f.sessions.expire() })
	control.HandleFunc("POST /vcsim/restart", f.restart)
	control.HandleFunc("/", f.serve)
	// The server reads its handler again for each request.
	server.Config.Handler = control
	return f
}

func (f *front) serve(response http.ResponseWriter, request *http.Request) {
	method, err := methodOf(request)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	rule, cleared := f.rules.match(request.URL.Path, method)
	if rule != nil {
		select {
		case <-time.After(time.Duration(rule.DelayMs) * time.Millisecond):
		case <-request.Context().Done():
			return
		}
		if rule.BytesPerSecond > 0 {
			request.Body = &slowBody{request.Body, rule.BytesPerSecond}
		}
		switch {
		case rule.Expire:
			f.sessions.expire()
		case rule.Hang:
			select {
			case <-cleared:
			case <-request.Context().Done():
				return
			}
		case rule.Reset:
			// The server breaks the connection and logs nothing.
			panic(http.ErrAbortHandler)
		case rule.Status != 0:
			http.Error(response, http.StatusText(rule.Status), rule.Status)
			return
		}
	}
	if f.sessions.forget(request) && needsSession(request.URL.Path, method) {
		response.Header().Set("Content-Type", "text/xml")
		response.WriteHeader(http.StatusInternalServerError)
		_, _ = response.Write([]byte(notAuthenticated))
		return
	}
	if err := likeVCenter(request); err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	f.next.ServeHTTP(f.sessions.watch(response, request), request)
}

func (f *front) addRules(response http.ResponseWriter, request *http.Request) {
	var list []*Rule
	decoder := json.NewDecoder(request.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&list); err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	f.rules.add(list)
}

func (f *front) requests(response http.ResponseWriter, _ *http.Request) {
	f.rules.mu.Lock()
	defer f.rules.mu.Unlock()
	_ = json.NewEncoder(response).Encode(f.rules.counts)
}

// restart closes the port and every connection, and comes back on the same port. The inventory stays.
func (f *front) restart(response http.ResponseWriter, request *http.Request) {
	pause, err := time.ParseDuration(request.URL.Query().Get("for"))
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	response.WriteHeader(http.StatusAccepted)
	go func() {
		f.sessions.expire()
		address := f.server.Listener.Addr().String()
		_ = f.server.Listener.Close()
		f.server.CloseClientConnections()
		time.Sleep(pause)
		listener, err := net.Listen("tcp", address)
		if err != nil {
			log.Fatalf("vcsim: cannot come back: %v", err)
		}
		f.server.Listener = tls.NewListener(listener, f.server.Server.TLS)
		_ = f.server.Config.Serve(f.server.Listener)
	}()
}
