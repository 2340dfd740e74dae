package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
)

// restHeader carries the session of the REST API, as a header or as a cookie.
const restHeader = "vmware-api-session-id"

// sessions knows every session handed out, so that all can be made unknown at once: the simulator does not show its own.
type sessions struct {
	mu      sync.Mutex
	alive   map[string]bool
	expired map[string]bool
}

func newSessions() *sessions {
	return &sessions{alive: map[string]bool{}, expired: map[string]bool{}}
}

func (s *sessions) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.alive {
		s.expired[id] = true
	}
	s.alive = map[string]bool{}
}

func (s *sessions) add(id string) {
	id = strings.Trim(id, `"`)
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != "" && !s.expired[id] {
		s.alive[id] = true
	}
}

func (s *sessions) isExpired(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.expired[strings.Trim(id, `"`)]
}

// forget takes expired sessions out of a request, which the REST API then refuses as any stranger's. It reports whether there were any.
func (s *sessions) forget(request *http.Request) bool {
	found := false
	if s.isExpired(request.Header.Get(restHeader)) {
		request.Header.Del(restHeader)
		found = true
	}
	cookies := request.Cookies()
	request.Header.Del("Cookie")
	for _, cookie := range cookies {
		if s.isExpired(cookie.Value) {
			found = true
		} else {
			request.AddCookie(cookie)
		}
	}
	return found
}

// needsSession knows the SOAP methods that a vCenter serves to known sessions only; the simulator is not strict with all.
func needsSession(path, method string) bool {
	return rootOf(path) == "/sdk" && !strings.HasPrefix(method, "Login") && method != "RetrieveServiceContent"
}

const notAuthenticated = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Body><soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>The session is not authenticated.</faultstring>
<detail><NotAuthenticatedFault xmlns="urn:vim25" xsi:type="NotAuthenticated"><object type="Folder">group-d1</object>
<privilegeId>System.View</privilegeId></NotAuthenticatedFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>
`

// watch learns the sessions that an answer hands out: in a cookie, or in the body of the REST API's log-in.
func (s *sessions) watch(response http.ResponseWriter, request *http.Request) http.ResponseWriter {
	login := request.Method == http.MethodPost && strings.HasSuffix(request.URL.Path, "/session")
	return &watched{response, s, login}
}

type watched struct {
	http.ResponseWriter
	sessions *sessions
	login    bool
}

func (w *watched) WriteHeader(status int) {
	w.learn()
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(body []byte) (int, error) {
	w.learn()
	if w.login {
		w.sessions.add(sessionIn(body))
	}
	return w.ResponseWriter.Write(body)
}

// Flush keeps long polls alive.
func (w *watched) Flush() {
	if flusher, ok := w.ResponseWriter.(http.Flusher); ok {
		flusher.Flush()
	}
}

func (w *watched) learn() {
	for _, cookie := range (&http.Response{Header: w.Header()}).Cookies() {
		w.sessions.add(cookie.Value)
	}
}

// sessionIn reads `{"value": ID}` of /rest, and the bare ID of /api.
func sessionIn(body []byte) string {
	var wrapped struct{ Value string }
	if json.Unmarshal(body, &wrapped) == nil {
		return wrapped.Value
	}
	var id string
	_ = json.Unmarshal(body, &id)
	return id
}
