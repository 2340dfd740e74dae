package actuator

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	machinev1 "github.com/openshift/api/machine/v1beta1"
	machinecontroller "github.com/openshift/machine-api-operator/pkg/controller/machine"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/record"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const aSecret = "s3cret-user-data"

// server answers each call with the same text, and keeps what it was sent.
type server struct {
	status int
	text   string
	path   string
	body   map[string]any
}

func (s *server) start(t *testing.T) *Socket {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	serving := &http.Server{Handler: http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		s.path = request.URL.Path
		body, _ := io.ReadAll(request.Body)
		_ = json.Unmarshal(body, &s.body)
		writer.WriteHeader(s.status)
		_, _ = writer.Write([]byte(s.text))
	})}
	go func() { _ = serving.Serve(listener) }()
	t.Cleanup(func() { _ = serving.Close() })
	return NewSocket(path)
}

// patches notes what is written, and answers as the API server does: the object's patch brings the status as it was.
type patches struct {
	client.Client
	written []string
	secret  *corev1.Secret
}

func (p *patches) Patch(_ context.Context, object client.Object, patch client.Patch, _ ...client.PatchOption) error {
	data, err := patch.Data(object)
	p.written = append(p.written, "object "+string(data))
	object.(*machinev1.Machine).Status = machinev1.MachineStatus{}
	return err
}

func (p *patches) Status() client.SubResourceWriter { return &statusPatches{patches: p} }

func (p *patches) Get(_ context.Context, _ client.ObjectKey, object client.Object, _ ...client.GetOption) error {
	if p.secret == nil {
		return errors.New("not found")
	}
	p.secret.DeepCopyInto(object.(*corev1.Secret))
	return nil
}

type statusPatches struct {
	client.SubResourceWriter
	patches *patches
}

func (s *statusPatches) Patch(_ context.Context, object client.Object, patch client.Patch, _ ...client.SubResourcePatchOption) error {
	data, err := patch.Data(object)
	s.patches.written = append(s.patches.written, "status "+string(data))
	return err
}

func machineOf(spec string) *machinev1.Machine {
	machine := &machinev1.Machine{ObjectMeta: metav1.ObjectMeta{Namespace: "n", Name: "m", UID: "u"}}
	machine.Spec.ProviderSpec.Value = &runtime.RawExtension{Raw: []byte(spec)}
	return machine
}

func actuatorFor(t *testing.T, answers *server, writes *patches) (*Actuator, *record.FakeRecorder) {
	t.Helper()
	events := record.NewFakeRecorder(10)
	return &Actuator{Client: writes, Socket: answers.start(t), Events: events}, events
}

func TestExistsIsNoOnlyWhereTheActuatorSaysSo(t *testing.T) {
	for text, want := range map[string]string{
		`{"exists":true}`:  "true",
		`{"exists":false}`: "false",
		`{}`:               "error",
		`{"exists":null}`:  "error",
		`not json`:         "error",
		``:                 "error",
		`{"error":{"kind":"Failed","reason":"R","message":"m"}}`:                  "error",
		`{"exists":false,"error":{"kind":"Failed","reason":"R","message":"m"}}`:   "error",
		`{"exists":false,"error":{"kind":"Nonsense","reason":"R","message":"m"}}`: "error",
		`{"exists":false,"error":{"kind":"Failed","reason":"","message":""}}`:     "error",
	} {
		actuator, _ := actuatorFor(t, &server{status: 200, text: text}, &patches{})
		found, err := actuator.Exists(t.Context(), machineOf("{}"))
		if got := verdict(found, err); got != want {
			t.Errorf("%s: %s, not %s", text, got, want)
		}
	}
	for _, status := range []int{201, 204, 400, 404, 500, 503} {
		actuator, _ := actuatorFor(t, &server{status: status, text: `{"exists":false}`}, &patches{})
		if found, err := actuator.Exists(t.Context(), machineOf("{}")); err == nil {
			t.Errorf("status %d: %v without an error", status, found)
		}
	}
	nobody := &Actuator{Socket: NewSocket(filepath.Join(t.TempDir(), "none.sock"))}
	if _, err := nobody.Exists(t.Context(), machineOf("{}")); err == nil {
		t.Error("no error where nobody listens")
	}
	huge := &server{status: 200, text: `{"exists":false,"region":"` + strings.Repeat("x", maxAnswer) + `"}`}
	if _, err := (&Actuator{Socket: huge.start(t)}).Exists(t.Context(), machineOf("{}")); err == nil {
		t.Error("no error for an answer without end")
	}
}

func verdict(found bool, err error) string {
	switch {
	case err != nil:
		return "error"
	case found:
		return "true"
	default:
		return "false"
	}
}

func TestKindsOfErrors(t *testing.T) {
	ask := func(failure string) error {
		actuator, _ := actuatorFor(t, &server{status: 200, text: `{"error":` + failure + `}`}, &patches{})
		return actuator.Update(t.Context(), machineOf("{}"))
	}
	var invalid *machinecontroller.MachineError
	if err := ask(`{"kind":"Invalid","reason":"R","message":"100% wrong"}`); !errors.As(err, &invalid) {
		t.Errorf("Invalid is %T", err)
	} else if invalid.Reason != machinev1.InvalidConfigurationMachineError || invalid.Message != "100% wrong" {
		t.Errorf("Invalid is %+v", invalid)
	}
	for failure, want := range map[string]time.Duration{
		`{"kind":"Requeue","reason":"R","message":"m","requeueSeconds":1.5}`: 1500 * time.Millisecond,
		`{"kind":"Requeue","reason":"R","message":"m"}`:                      usualRequeue,
		`{"kind":"Requeue","reason":"R","message":"m","requeueSeconds":-3}`:  usualRequeue,
	} {
		var requeue *machinecontroller.RequeueAfterError
		if err := ask(failure); !errors.As(err, &requeue) || requeue.RequeueAfter != want {
			t.Errorf("%s is %v", failure, err)
		}
	}
	err := ask(`{"kind":"Failed","reason":"PoolFull","message":"no space"}`)
	if err == nil || err.Error() != "PoolFull: no space" || errors.As(err, &invalid) {
		t.Errorf("Failed is %v", err)
	}
}

func TestNothingIsAskedBeforeThePauseIsOver(t *testing.T) {
	answers := &server{status: 200, text: `{"error":{"kind":"Requeue","reason":"PoolBusy","message":"m","requeueSeconds":0.3}}`}
	actuator, _ := actuatorFor(t, answers, &patches{})
	machine := machineOf("{}")
	var requeue *machinecontroller.RequeueAfterError
	for try := range 2 {
		answers.path = ""
		if err := actuator.Create(t.Context(), machine); !errors.As(err, &requeue) || requeue.RequeueAfter > 300*time.Millisecond {
			t.Errorf("try %d: %v", try, err)
		}
		if asked := answers.path != ""; asked != (try == 0) {
			t.Errorf("try %d: asked: %v", try, asked)
		}
	}
	// Another call, and another Machine, do not wait.
	answers.path = ""
	_ = actuator.Delete(t.Context(), machine)
	other := machineOf("{}")
	other.UID = "other"
	_ = actuator.Create(t.Context(), other)
	if answers.path != "/v1/create" {
		t.Errorf("asked for %q", answers.path)
	}
	time.Sleep(350 * time.Millisecond)
	answers.path, answers.text = "", "{}"
	if err := actuator.Create(t.Context(), machine); err != nil || answers.path == "" {
		t.Errorf("after the pause: %v, asked for %q", err, answers.path)
	}
}

func TestAnInvalidCreateIsTheLastWord(t *testing.T) {
	answers := &server{status: 200, text: `{"error":{"kind":"Invalid","reason":"DiskTooSmall","message":"too small"}}`}
	actuator, _ := actuatorFor(t, answers, &patches{})
	machine := machineOf("{}")
	first := actuator.Create(t.Context(), machine)
	answers.path, answers.text = "", "{}"
	var invalid *machinecontroller.MachineError
	if again := actuator.Create(t.Context(), machine); !errors.As(again, &invalid) || again.Error() != first.Error() || answers.path != "" {
		t.Errorf("%v, then %v, asked for %q", first, again, answers.path)
	}
	if err := actuator.Delete(t.Context(), machine); err != nil || answers.path != "/v1/delete" {
		t.Errorf("%v, asked for %q", err, answers.path)
	}
}

func TestAMessageThatChangesIsNotWrittenEachTime(t *testing.T) {
	answers := &server{status: 200}
	writes := &patches{}
	actuator, _ := actuatorFor(t, answers, writes)
	machine := machineOf("{}")
	for _, message := range []string{"3 bytes free", "2 bytes free", "1 byte free"} {
		answers.text = `{"error":{"kind":"Failed","reason":"PoolFull","message":"` + message + `"}}`
		_ = actuator.Create(t.Context(), machine)
	}
	if len(writes.written) != 1 || !strings.Contains(writes.written[0], "3 bytes free") {
		t.Errorf("written: %s", strings.Join(writes.written, "\n"))
	}
}

func TestThePatchOfTheObjectComesFirstAndKeepsTheStatus(t *testing.T) {
	answers := &server{status: 200, text: `{"providerID":"kvm:///local/1","addresses":[{"type":"InternalIP","address":"192.0.2.1"}],
		"instanceState":"Running","instanceType":"2","region":"r","zone":"z","providerStatus":{"host":"local"}}`}
	writes := &patches{}
	actuator, _ := actuatorFor(t, answers, writes)
	machine := machineOf("{}")
	machine.Status.Conditions = []machinev1.Condition{{Type: "InstanceExists", Status: "False"}}
	if err := actuator.Update(t.Context(), machine); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`object {"metadata":{"annotations":{"machine.openshift.io/instance-state":"Running"},"labels":{"machine.openshift.io/instance-type":"2",` +
			`"machine.openshift.io/region":"r","machine.openshift.io/zone":"z"}},"spec":{"providerID":"kvm:///local/1"},"status":{"addresses":` +
			`[{"address":"192.0.2.1","type":"InternalIP"}],"providerStatus":{"host":"local","instanceState":"Running"}}}`,
		`status {"status":{"addresses":[{"address":"192.0.2.1","type":"InternalIP"}],"providerStatus":{"host":"local","instanceState":"Running"}}}`,
	}
	if len(writes.written) != 2 || !sameText(writes.written[0], want[0]) {
		t.Fatalf("written: %s", strings.Join(writes.written, "\n"))
	}
	if !strings.Contains(writes.written[1], `"addresses":[{"address":"192.0.2.1","type":"InternalIP"}]`) {
		t.Errorf("the status was lost: %s", writes.written[1])
	}
	if len(machine.Status.Conditions) != 1 {
		t.Error("the controller's conditions were lost")
	}
	// The same once more changes nothing.
	writes.written = nil
	if err := actuator.Update(t.Context(), machine); err != nil || len(writes.written) != 0 {
		t.Errorf("written without a change: %v %v", writes.written, err)
	}
}

func sameText(got, want string) bool {
	word, gotJSON, _ := strings.Cut(got, " ")
	wantWord, wantJSON, _ := strings.Cut(want, " ")
	var a, b any
	return word == wantWord && json.Unmarshal([]byte(gotJSON), &a) == nil && json.Unmarshal([]byte(wantJSON), &b) == nil && reflect.DeepEqual(a, b)
}

func TestWhatWentWrongStaysInTheStatus(t *testing.T) {
	answers := &server{status: 200, text: `{"error":{"kind":"Failed","reason":"PoolFull","message":"no space"}}`}
	actuator, events := actuatorFor(t, answers, &patches{})
	machine := machineOf("{}")
	conditions := func() string {
		var status struct{ Conditions []metav1.Condition }
		if machine.Status.ProviderStatus != nil {
			_ = json.Unmarshal(machine.Status.ProviderStatus.Raw, &status)
		}
		texts := []string{}
		for _, condition := range status.Conditions {
			texts = append(texts, condition.Type+" "+string(condition.Status)+" "+condition.Reason)
		}
		return strings.Join(texts, ", ")
	}
	_ = actuator.Create(t.Context(), machine)
	if got := conditions(); got != "MachineCreation False PoolFull" {
		t.Errorf("after the error: %q", got)
	}
	if event := <-events.Events; event != "Warning PoolFull no space" {
		t.Errorf("event: %q", event)
	}
	answers.text = `{"providerStatus":{"host":"local"}}`
	_ = actuator.Update(t.Context(), machine)
	if got := conditions(); got != "MachineCreation False PoolFull" {
		t.Errorf("after an update: %q", got)
	}
	_ = actuator.Create(t.Context(), machine)
	if got := conditions(); got != "MachineCreation True MachineCreationSucceeded" {
		t.Errorf("after a create: %q", got)
	}
}

func TestUserDataGoesWithCreateAlone(t *testing.T) {
	answers := &server{status: 200, text: `{"exists":true}`}
	writes := &patches{secret: &corev1.Secret{Data: map[string][]byte{"userData": []byte(aSecret)}}}
	actuator, _ := actuatorFor(t, answers, writes)
	machine := machineOf(`{"userDataSecret":{"name":"worker-user-data"}}`)
	calls := map[string]func() error{
		"/v1/create": func() error { return actuator.Create(t.Context(), machine) },
		"/v1/update": func() error { return actuator.Update(t.Context(), machine) },
		"/v1/delete": func() error { return actuator.Delete(t.Context(), machine) },
		"/v1/exists": func() error { _, err := actuator.Exists(t.Context(), machine); return err },
	}
	for path, call := range calls {
		answers.body = nil
		if err := call(); err != nil || answers.path != path {
			t.Errorf("%s: asked for %s, %v", path, answers.path, err)
		}
		if got := answers.body["userData"]; (path == "/v1/create") != (got == aSecret) {
			t.Errorf("%s: userData is %v", path, got)
		}
		if metadata, _ := answers.body["machine"].(map[string]any)["metadata"].(map[string]any); metadata["uid"] != "u" {
			t.Errorf("%s: the Machine is %v", path, answers.body["machine"])
		}
	}
	for what, secret := range map[string]*corev1.Secret{"no Secret": nil, "no key": {Data: map[string][]byte{"other": []byte("x")}}} {
		answers.path = ""
		writes.secret = secret
		err := actuator.Create(t.Context(), machine)
		var invalid *machinecontroller.MachineError
		if err == nil || errors.As(err, &invalid) || answers.path != "" {
			t.Errorf("%s: %v, asked for %q", what, err, answers.path)
		}
	}
}
