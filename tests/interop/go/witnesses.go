package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// cosigner verifies cosignature/v1 of C2SP tlog-cosignature as a key of sumdb/note.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	if at > math.MaxInt64 {
		return false
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, text)
	return ed25519.Verify(c.key, []byte(message), sig[8:])
}

func newCosigner(vkey string) (*cosigner, error) {
	name, rest, _ := strings.Cut(vkey, "+")
	id, encoded, _ := strings.Cut(rest, "+")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		return nil, refusal{fmt.Errorf("not the key of a witness")}
	}
	sum := sha256.Sum256(append([]byte(name+"\n"), key...))
	if hex.EncodeToString(sum[:4]) != id {
		return nil, refusal{fmt.Errorf("another key ID")}
	}
	return &cosigner{name, binary.BigEndian.Uint32(sum[:4]), key[1:]}, nil
}

// openCosigned opens a checkpoint under a policy: a log and a quorum of its witnesses have signed.
func openCosigned(asked *question) (any, error) {
	var keys []note.Verifier
	logs := map[string]bool{}
	members := map[string][]string{}
	least := map[string]int{}
	witnesses := map[string]*cosigner{}
	quorum := ""
	for _, line := range strings.Split(asked.Text, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case words[0] == "log":
			verifier, err := note.NewVerifier(words[1])
			if err != nil {
				return nil, refusal{err}
			}
			logs[verifier.Name()] = true
			keys = append(keys, verifier)
		case words[0] == "witness":
			verifier, err := newCosigner(words[2])
			if err != nil {
				return nil, err
			}
			witnesses[words[1]] = verifier
			keys = append(keys, verifier)
		case words[0] == "group":
			members[words[1]] = words[3:]
			switch words[2] {
			case "any":
				least[words[1]] = 1
			case "all":
				least[words[1]] = len(words) - 3
			default:
				number, err := strconv.Atoi(words[2])
				if err != nil {
					return nil, err
				}
				least[words[1]] = number
			}
		case words[0] == "quorum":
			quorum = words[1]
		default:
			return nil, fmt.Errorf("a line %q", line)
		}
	}
	opened, err := note.Open(asked.Note, note.VerifierList(keys...))
	if err != nil {
		return nil, refusal{err}
	}
	signed := map[string]bool{}
	signedByLog := false
	for _, sig := range opened.Sigs {
		signed[fmt.Sprintf("%s+%08x", sig.Name, sig.Hash)] = true
		signedByLog = signedByLog || logs[sig.Name]
	}
	if !signedByLog {
		return nil, refusal{fmt.Errorf("no log has signed")}
	}
	var reached func(name string) bool
	reached = func(name string) bool {
		if witness, ok := witnesses[name]; ok {
			return signed[fmt.Sprintf("%s+%08x", witness.name, witness.hash)]
		}
		count := 0
		for _, member := range members[name] {
			if reached(member) {
				count++
			}
		}
		return count >= least[name]
	}
	return quorum == "none" || reached(quorum), nil
}
