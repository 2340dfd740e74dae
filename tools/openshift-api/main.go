// Command decode-openshift says of objects whether the Go types of OpenShift's operators can read them: the parts that the definitions of
// those objects leave open, such as a machine's provider spec.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"

	machinev1beta1 "github.com/openshift/api/machine/v1beta1"
	kjson "sigs.k8s.io/json"
)

// What objects are decoded into, by apiVersion and kind.
var types = map[string]func() any{
	"machine.openshift.io/v1beta1 VSphereMachineProviderSpec": func() any { return &machinev1beta1.VSphereMachineProviderSpec{} },
}

const longestLine = 16 << 20

var version = "unknown"

// Reads one JSON object a line, and writes for each a line: empty, or what is wrong with it.
func main() {
	showVersion := flag.Bool("version", false, "print the version of OpenShift's types")
	flag.Parse()
	if *showVersion {
		fmt.Println(version)
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		line := ""
		if err := decode(lines.Bytes()); err != nil {
			line = err.Error()
		}
		if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
			os.Exit(1)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// As the API server does it: keys are known in this writing only, and each once.
func decode(text []byte) error {
	var kind struct{ APIVersion, Kind string }
	if err := json.Unmarshal(text, &kind); err != nil {
		return err
	}
	make, ok := types[kind.APIVersion+" "+kind.Kind]
	if !ok {
		return fmt.Errorf("there is no type for %s of %s", kind.Kind, kind.APIVersion)
	}
	strict, err := kjson.UnmarshalStrict(text, make())
	return errors.Join(append(strict, err)...)
}
