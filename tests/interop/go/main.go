// Checks the log with the transparency log of Go's module proxy: golang.org/x/mod/sumdb/note and
// tlog. It answers queries, one JSON object per line (tests/interop/program.py). If the library
// refuses its input, the answer is {"refused": reason}; any other error ends the program.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

// question has the members of all queries; each query uses some of them. Bytes are base64.
type question struct {
	Ask    string            `json:"ask"`
	Note   []byte            `json:"note"`
	Vkeys  []string          `json:"vkeys"`
	Skey   string            `json:"skey"`
	Text   string            `json:"text"`
	Origin string            `json:"origin"`
	Leaf   []byte            `json:"leaf"`
	Leaves [][]byte          `json:"leaves"`
	Index  int64             `json:"index"`
	Size   int64             `json:"size"`
	Root   []byte            `json:"root"`
	Old    int64             `json:"old"`
	Before []byte            `json:"before"`
	Proof  [][]byte          `json:"proof"`
	Tiles  map[string][]byte `json:"tiles"`
	Wanted []int64           `json:"wanted"`
}

// refusal is a library's reason for refusing its input.
type refusal struct{ error }

func main() {
	out := bufio.NewWriter(os.Stdout)
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var asked question
		if err := json.Unmarshal(line, &asked); err != nil {
			stop(err)
		}
		answer := map[string]any{}
		value, err := reply(&asked)
		if refused, ok := err.(refusal); ok {
			answer["refused"] = refused.Error()
		} else if err != nil {
			stop(err)
		} else {
			answer["value"] = value
		}
		if err := json.NewEncoder(out).Encode(answer); err != nil {
			stop(err)
		}
		out.Flush()
	}
}

func reply(asked *question) (any, error) {
	switch asked.Ask {
	case "open note":
		return openNote(asked)
	case "open checkpoint":
		return openCheckpoint(asked)
	case "open cosigned":
		return openCosigned(asked)
	case "sign note":
		return signNote(asked)
	case "root":
		return rootOf(asked)
	case "check record":
		return checkRecord(asked)
	case "check tree":
		return checkTree(asked)
	case "read tiles":
		return readTiles(asked)
	case "make tiles":
		return makeTiles(asked)
	case "name tiles":
		return nameTiles(asked)
	}
	return nil, fmt.Errorf("nobody knows what %q is", asked.Ask)
}

func stop(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// hash accepts exactly 32 bytes: the library has no type for a hash of another length.
func hash(data []byte) (tlog.Hash, error) {
	var made tlog.Hash
	if len(data) != len(made) {
		return made, refusal{fmt.Errorf("a hash of %d bytes", len(data))}
	}
	copy(made[:], data)
	return made, nil
}

func hashes(data [][]byte) ([]tlog.Hash, error) {
	made := []tlog.Hash{}
	for _, one := range data {
		h, err := hash(one)
		if err != nil {
			return nil, err
		}
		made = append(made, h)
	}
	return made, nil
}

func texts(made []tlog.Hash) []string {
	all := []string{}
	for _, h := range made {
		all = append(all, base64.StdEncoding.EncodeToString(h[:]))
	}
	return all
}
