package main

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// height is the height of C2SP tlog-tiles: 256 hashes wide.
const height = 8

// stored has the hashes of a tree in the order of the library's own storage.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	read := []tlog.Hash{}
	for _, index := range indexes {
		if index < 0 || index >= int64(len(s)) {
			return nil, fmt.Errorf("there is no hash %d", index)
		}
		read = append(read, s[index])
	}
	return read, nil
}

func grow(leaves [][]byte) (stored, error) {
	tree := stored{}
	for n, leaf := range leaves {
		made, err := tlog.StoredHashes(int64(n), leaf, tree)
		if err != nil {
			return nil, err
		}
		tree = append(tree, made...)
	}
	return tree, nil
}

// rootOf builds the tree of the leaves and returns the root at every size, from 0 on.
func rootOf(asked *question) (any, error) {
	tree, err := grow(asked.Leaves)
	if err != nil {
		return nil, err
	}
	roots := []tlog.Hash{}
	for size := range len(asked.Leaves) + 1 {
		root, err := tlog.TreeHash(int64(size), tree)
		if err != nil {
			return nil, err
		}
		roots = append(roots, root)
	}
	return texts(roots), nil
}

func checkRecord(asked *question) (any, error) {
	proof, err := hashes(asked.Proof)
	if err != nil {
		return nil, err
	}
	root, err := hash(asked.Root)
	if err != nil {
		return nil, err
	}
	leaf := tlog.RecordHash(asked.Leaf)
	if err := tlog.CheckRecord(proof, asked.Size, root, asked.Index, leaf); err != nil {
		return nil, refusal{err}
	}
	return true, nil
}

func checkTree(asked *question) (any, error) {
	proof, err := hashes(asked.Proof)
	if err != nil {
		return nil, err
	}
	both, err := hashes([][]byte{asked.Root, asked.Before})
	if err != nil {
		return nil, err
	}
	if err := tlog.CheckTree(proof, asked.Size, both[0], asked.Old, both[1]); err != nil {
		return nil, refusal{err}
	}
	return true, nil
}

// files passes our tiles to the library, whose names of tiles contain the height as well:
// its tile/8/0/000 is our tile/0/000.
type files map[string][]byte

func ourPath(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
}

func (f files) Height() int { return height }

func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	read := [][]byte{}
	for _, tile := range tiles {
		data, ok := f[ourPath(tile)]
		if !ok {
			return nil, fmt.Errorf("there is no %s", ourPath(tile))
		}
		read = append(read, data)
	}
	return read, nil
}

func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

// readTiles reads leaf hashes from tiles; the library proves each against the root. It also lets
// the library create the proofs of the first leaf and of an older tree from these tiles alone.
func readTiles(asked *question) (any, error) {
	root, err := hash(asked.Root)
	if err != nil {
		return nil, err
	}
	reader := tlog.TileHashReader(tlog.Tree{N: asked.Size, Hash: root}, files(asked.Tiles))
	indexes := []int64{}
	for _, index := range asked.Wanted {
		indexes = append(indexes, tlog.StoredHashIndex(0, index))
	}
	leaves, err := reader.ReadHashes(indexes)
	if err != nil {
		return nil, refusal{err}
	}
	inclusion, err := tlog.ProveRecord(asked.Size, asked.Wanted[0], reader)
	if err != nil {
		return nil, refusal{err}
	}
	consistency, err := tlog.ProveTree(asked.Size, asked.Old, reader)
	if err != nil {
		return nil, refusal{err}
	}
	answer := map[string]any{"leaves": texts(leaves)}
	answer["inclusion"], answer["consistency"] = texts(inclusion), texts(consistency)
	return answer, nil
}

// makeTiles creates every tile of the tree of the leaves, under our names.
func makeTiles(asked *question) (any, error) {
	tree, err := grow(asked.Leaves)
	if err != nil {
		return nil, err
	}
	made := files{}
	for _, tile := range tlog.NewTiles(height, 0, int64(len(asked.Leaves))) {
		data, err := tlog.ReadTileData(tile, tree)
		if err != nil {
			return nil, err
		}
		made[ourPath(tile)] = data
	}
	return made, nil
}

// nameTiles returns our names of the tiles of a tree of a size.
func nameTiles(asked *question) (any, error) {
	names := []string{}
	for _, tile := range tlog.NewTiles(height, 0, asked.Size) {
		names = append(names, ourPath(tile))
	}
	return names, nil
}
