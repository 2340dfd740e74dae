package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// likeVCenter corrects what the simulator keeps as it came and a vCenter does not: the types of a tag category lose their prefix.
// Terraform's provider sends `urn:vim25:Folder`, and takes anything but `Folder` coming back for a change.
func likeVCenter(request *http.Request) error {
	if request.Method == http.MethodGet || !strings.Contains(request.URL.Path, "/tagging/category") {
		return nil
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return err
	}
	body = bytes.ReplaceAll(body, []byte(`"urn:vim25:`), []byte(`"`))
	request.Body = io.NopCloser(bytes.NewReader(body))
	request.ContentLength = int64(len(body))
	return nil
}
