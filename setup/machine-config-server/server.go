package main

import (
	"errors"
	"io/fs"
	"log"
	"net/http"
	"strings"
)

// controlPlanePool is the only one whose machines join etcd. Its config holds the keys of the cluster.
const controlPlanePool = "master"

// server answers a machine's first requests. What it does not want to answer it answers with a bare status: Ignition tries again after
// 5xx and gives up after anything else (its internal/resource/http.go).
type server struct {
	verifier *verifier
	nodes    *nodes
	// configs has a file a pool: `master` only on the bootstrap machine.
	configs      fs.FS
	etcdEndpoint string
}

func (s *server) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodGet && request.Method != http.MethodHead {
		writer.Header().Set("Allow", "GET, HEAD")
		writer.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	switch path := request.URL.Path; {
	case path == "/healthz":
		writer.WriteHeader(http.StatusOK)
	case path == "/etcd-endpoint":
		s.guarded(writer, request, controlPlanePool, "text/plain", func() ([]byte, error) { return []byte(s.etcdEndpoint), nil })
	case strings.HasPrefix(path, "/config/"):
		// Whatever it names: without a token for just this pool nothing is looked up.
		pool := strings.TrimPrefix(path, "/config/")
		s.guarded(writer, request, pool, "application/json", func() ([]byte, error) { return fs.ReadFile(s.configs, pool) })
	default:
		writer.WriteHeader(http.StatusNotFound)
	}
}

// guarded answers with the content if the request's token opens what is for machines of this pool.
func (s *server) guarded(writer http.ResponseWriter, request *http.Request, pool, contentType string, content func() ([]byte, error)) {
	holder, status, reason := s.authorize(request, pool)
	var body []byte
	if status == http.StatusOK {
		var err error
		if body, err = content(); err != nil {
			// Another machine may serve it: behind a load balancer the next try may come to that one.
			status, reason = http.StatusServiceUnavailable, "not served here"
			if !errors.Is(err, fs.ErrNotExist) {
				reason = err.Error()
			}
		}
	}
	log.Printf("%s %s from %s, token of %q: %d %s", request.Method, request.URL.Path, request.RemoteAddr, holder, status, reason)
	if status == http.StatusUnauthorized {
		writer.Header().Set("WWW-Authenticate", "Bearer")
	}
	if status != http.StatusOK {
		writer.WriteHeader(status)
		return
	}
	writer.Header().Set("Content-Type", contentType)
	writer.Header().Set("Cache-Control", "no-store")
	_, _ = writer.Write(body)
}

// authorize decides about a request for what is for machines of a pool: whose the token is, the status, and why.
func (s *server) authorize(request *http.Request, pool string) (string, int, string) {
	headers := request.Header.Values("Authorization")
	if len(headers) != 1 {
		return "", http.StatusUnauthorized, "no token"
	}
	token, isBearer := strings.CutPrefix(headers[0], "Bearer ")
	if !isBearer {
		return "", http.StatusUnauthorized, "no token"
	}
	found, err := s.verifier.verify(token)
	if err != nil {
		return "", http.StatusUnauthorized, err.Error()
	}
	holder := found.Machine
	if holder == "" {
		holder = "pool " + found.Pool
	}
	if found.Pool != pool {
		return holder, http.StatusForbidden, "token of another pool"
	}
	if found.Machine == "" {
		// It is unknown whether it was used. For the control plane that is bearable only while the cluster is made.
		if _, err := fs.Stat(s.configs, controlPlanePool); pool == controlPlanePool && err != nil {
			return holder, http.StatusServiceUnavailable, "the pool's token opens nothing on a control-plane machine"
		}
		return holder, http.StatusOK, ""
	}
	used, err := s.nodes.has(request.Context(), found.Machine)
	if err != nil {
		return holder, http.StatusServiceUnavailable, "whether the token was used is unknown: " + err.Error()
	}
	if used {
		return holder, http.StatusForbidden, "used token: the machine is a node already"
	}
	return holder, http.StatusOK, ""
}
