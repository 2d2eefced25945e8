package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed static
var staticFiles embed.FS

// dist is what build-assets.mjs copies from npm; before it ran there is only a
// placeholder, and pages stand without those files.
//
//go:embed all:dist
var distFiles embed.FS

// StaticPath is where the server offers assets.
const StaticPath = "/static/"

// File is one asset. Its name holds a hash of its content, so it may be cached
// for ever.
type File struct {
	Name string // app.1f2e3d4c.css
	Type string // content type
	Body []byte
	Gzip []byte // nil when compression gains nothing
}

type assetIndex struct {
	named  map[string]string // app.css -> app.1f2e3d4c.css
	hashed map[string]File
}

var assets = sync.OnceValue(indexAssets)

// Asset is the address of an asset by its plain name: "app.css", "icons.svg".
// An asset that npm has not brought yet has the empty address.
func Asset(name string) string {
	hashed, ok := assets().named[name]
	if !ok {
		return ""
	}
	return StaticPath + hashed
}

// Open finds an asset by the hashed name in its address, without StaticPath.
func Open(hashed string) (File, bool) {
	f, ok := assets().hashed[hashed]
	return f, ok
}

// indexAssets reads the embedded files once: ours are hashed here, those from
// npm carry the hash of the manifest.
func indexAssets() assetIndex {
	index := assetIndex{map[string]string{}, map[string]File{}}
	if entries, err := fs.ReadDir(staticFiles, "static"); err == nil {
		for _, e := range entries {
			if body, err := fs.ReadFile(staticFiles, path.Join("static", e.Name())); err == nil {
				index.add(e.Name(), hashName(e.Name(), body), body, compress(body))
			}
		}
	}
	manifest := map[string]string{}
	body, err := fs.ReadFile(distFiles, "dist/manifest.json")
	if err != nil || json.Unmarshal(body, &manifest) != nil {
		return index
	}
	for name, hashed := range manifest {
		body, err := fs.ReadFile(distFiles, path.Join("dist", hashed))
		if err != nil {
			continue
		}
		zipped, err := fs.ReadFile(distFiles, path.Join("dist", hashed+".gz"))
		if err != nil {
			zipped = nil
		}
		index.add(name, hashed, body, zipped)
	}
	return index
}

func (x assetIndex) add(name, hashed string, body, zipped []byte) {
	x.named[name] = hashed
	x.hashed[hashed] = File{Name: hashed, Type: contentType(name), Body: body, Gzip: zipped}
}

func hashName(name string, body []byte) string {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:4]) + ext
}

func compress(body []byte) []byte {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(body); err != nil || w.Close() != nil || buf.Len() >= len(body) {
		return nil
	}
	return buf.Bytes()
}

// contentType by name, not by the host's tables, which differ.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		return "application/octet-stream"
	}
}
