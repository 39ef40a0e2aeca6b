package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "verihelp"

// allowed lists, for each package, what it may import of ours. Packages that
// are not listed may import nothing of ours.
var allowed = map[string][]string{
	"internal/chat":         {},
	"internal/hours":        {},
	"internal/limit":        {},
	"internal/zh":           {},
	"internal/redact":       {},
	"internal/markdown":     {"internal/chat"},
	"intents":               {"internal/chat", "internal/markdown", "internal/zh"},
	"intents/facts":         {"internal/zh"},
	"intents/linear":        {"intents", "internal/zh"},
	"intents/evaluate":      {"intents", "intents/linear"},
	"intents/nearest":       {"intents", "intents/linear"},
	"knowledge":             {"internal/chat", "internal/markdown"},
	"knowledge/bleveindex":  {"knowledge", "internal/zh"},
	"channels":              {"internal/chat"},
	"channels/channelstest": {"channels", "internal/chat"},
	"channels/webchat":      {"channels", "internal/chat", "internal/limit", "internal/zh", "web/widget"},
	"channels/localdesk":    {"channels", "channels/staffwords", "internal/chat", "internal/hours", "internal/zh"},
	"channels/console":      {"channels", "channels/staffwords", "internal/chat", "internal/zh"},
	"channels/telegram":     {"channels", "internal/chat", "internal/zh"},

	"channels/telegram/telegramtest": {},
	"channels/slack":                 {"channels", "channels/staffwords", "internal/chat", "internal/redact", "internal/zh"},
	"channels/slack/slacktest":       {},
	"internal/dialogue":              {"intents", "intents/facts", "knowledge", "internal/chat", "internal/redact", "internal/zh"},
	"internal/files":                 {"channels", "internal/chat", "internal/redact"},
	"internal/bot":                   {"channels", "internal/chat", "internal/hours", "internal/limit", "internal/redact"},
	"internal/store":                 {"internal/chat"},
	"internal/store/storetest":       {"internal/chat"},
	"internal/store/pgtest":          {},
	"internal/transcript":            {"internal/chat"},

	"channels/channelstest/remotetest": {"channels"},
	"channels/staffwords":              {"channels", "internal/chat", "internal/redact"},
	"channels/hook":                    {"channels", "internal/chat"},
	"internal/lease":                   {},
	"internal/outbox":                  {"channels", "internal/chat", "internal/lease"},
	"internal/outbox/outboxtest":       {"internal/chat"},
	"internal/outbox/riverqueue":       {"internal/chat", "internal/outbox"},
}

// restricted lists packages that only the named places may import.
var restricted = map[string][]string{
	"go.uber.org/fx":                 {"cmd/bot"},
	"github.com/blevesearch/bleve":   {"knowledge/bleveindex"},
	"modernc.org/sqlite":             {"internal/store", "internal/outbox/riverqueue"},
	"github.com/riverqueue/river":    {"internal/outbox/riverqueue"},
	"github.com/jackc/pgx":           {"internal/store", "internal/store/pgtest", "internal/outbox/riverqueue"},
	"github.com/go-telegram/bot":     {"channels/telegram"},
	"github.com/gorilla/websocket":   {"channels/webchat", "channels/slack/slacktest"},
	"github.com/slack-go/slack":      {"channels/slack"},
	"github.com/golang-jwt/jwt":      {"channels/webchat"},
	"github.com/alecthomas/kong":     {"cmd/bot"},
	"github.com/yuin/goldmark":       {"internal/markdown"},
	"github.com/mozillazg/go-pinyin": {"intents/linear"},
	"golang.org/x/image":             {"internal/files"},
}

// goPackage is a folder with Go code.
type goPackage struct {
	path    string // relative to the module, with slashes
	imports map[string]bool
	docs    int // lines of the package comment
}

func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		if strings.HasPrefix(p.path, "cmd/") || strings.HasPrefix(p.path, "web/") {
			continue
		}
		for path := range p.imports {
			if ours, ok := strings.CutPrefix(path, module+"/"); ok {
				assert.Contains(t, allowed[p.path], ours, "%s must not import %s; see the list in internal/arch", p.path, ours)
			}
			for prefix, places := range restricted {
				if strings.HasPrefix(path, prefix) {
					assert.Contains(t, places, p.path, "%s must not import %s", p.path, path)
				}
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for _, p := range packages(t) {
		assert.GreaterOrEqual(t, p.docs, 3, "package %s needs a doc comment of 3 to 15 lines", p.path)
		assert.LessOrEqual(t, p.docs, 40, "the doc comment of package %s is too long to be read", p.path)
	}
}

func TestNoClockNorRandomnessInPureCode(t *testing.T) {
	pure := []string{"internal/dialogue", "internal/chat", "internal/hours", "internal/zh", "internal/redact", "intents", "intents/facts", "knowledge", "knowledge/bleveindex"}
	for _, folder := range pure {
		files, err := filepath.Glob(filepath.Join("../..", folder, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			src, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, forbidden := range []string{"time.Now(", "math/rand", "crypto/rand", "net/http", "os.Getenv"} {
				assert.NotContains(t, string(src), forbidden, "%s is pure: it takes %s from its caller", file, forbidden)
			}
		}
	}
}

// packages parses every package of the module, without tests.
func packages(t *testing.T) []goPackage {
	t.Helper()
	found := map[string]*goPackage{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != root {
			if entry != nil && entry.IsDir() && err == nil {
				return fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		add(found, filepath.ToSlash(rel), file)
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, found)
	list := make([]goPackage, 0, len(found))
	for _, p := range found {
		list = append(list, *p)
	}
	return list
}

func add(found map[string]*goPackage, path string, file *ast.File) {
	p := found[path]
	if p == nil {
		p = &goPackage{path: path, imports: map[string]bool{}}
		found[path] = p
	}
	for _, imported := range file.Imports {
		p.imports[strings.Trim(imported.Path.Value, `"`)] = true
	}
	if file.Doc != nil {
		p.docs = max(p.docs, strings.Count(file.Doc.Text(), "\n"))
	}
}
