package main

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// treeHead is the first line that tlog.ParseTree requires; a log of ours has its origin there.
const treeHead = "go.sum database tree\n"

// open opens a note with the given keys: each must be valid, and at least one must have signed it.
func open(asked *question) (*note.Note, error) {
	var verifiers []note.Verifier
	for _, vkey := range asked.Vkeys {
		verifier, err := note.NewVerifier(vkey)
		if err != nil {
			return nil, refusal{err}
		}
		verifiers = append(verifiers, verifier)
	}
	opened, err := note.Open(asked.Note, note.VerifierList(verifiers...))
	if err != nil {
		return nil, refusal{err}
	}
	return opened, nil
}

func openNote(asked *question) (any, error) {
	opened, err := open(asked)
	if err != nil {
		return nil, err
	}
	return map[string]any{"text": opened.Text, "name": opened.Sigs[0].Name}, nil
}

// openCheckpoint reads the tree's size and root from a note that the origin's own key signed.
func openCheckpoint(asked *question) (any, error) {
	opened, err := open(asked)
	if err != nil {
		return nil, err
	}
	rest, ok := strings.CutPrefix(opened.Text, asked.Origin+"\n")
	if !ok || opened.Sigs[0].Name != asked.Origin {
		return nil, refusal{fmt.Errorf("a checkpoint of another log")}
	}
	tree, err := tlog.ParseTree([]byte(treeHead + rest))
	if err != nil {
		return nil, refusal{err}
	}
	return map[string]any{"size": tree.N, "root": texts([]tlog.Hash{tree.Hash})[0]}, nil
}

func signNote(asked *question) (any, error) {
	signer, err := note.NewSigner(asked.Skey)
	if err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: asked.Text}, signer)
}
