// A guest for contract v1: counts the words of a text, and answers in each of the three ways.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

type request struct {
	Tool  string `json:"tool"`
	Input string `json:"input"`
}

type failure struct {
	Code      string `json:"code"`
	Message   string `json:"message"`
	Retryable bool   `json:"retryable"`
}

type response struct {
	Version string   `json:"contract_version"`
	Status  string   `json:"status"`
	Output  string   `json:"output,omitempty"`
	Error   *failure `json:"error,omitempty"`
}

func answer(req request) response {
	var input struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal([]byte(req.Input), &input); err != nil {
		return response{Status: "error", Error: &failure{Code: "bad_input", Message: err.Error()}}
	}
	switch input.Text {
	case "busy":
		time.Sleep(time.Millisecond)
		return response{Status: "error", Error: &failure{Code: "Rate_Limited", Message: "try again", Retryable: true}}
	case "secret":
		return response{Status: "denied", Error: &failure{Code: "permission_denied", Message: "no"}}
	}
	return response{Status: "ok", Output: fmt.Sprint(len(strings.Fields(input.Text)))}
}

func main() {
	var req request
	if err := json.NewDecoder(os.Stdin).Decode(&req); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	out := answer(req)
	out.Version = "v1"
	_ = json.NewEncoder(os.Stdout).Encode(out)
}
