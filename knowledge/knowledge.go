// Package knowledge holds what the bot may quote: reviewed articles, cut into sections
// with stable anchors, each short enough to be one answer in a chat.
//
// Articles are Markdown files that support leads edit (articles/, embedded as Data, or
// a folder of the operator's own). Load reads and checks all of them when the program
// starts; afterwards a Library never changes, so that it is safe for concurrent use.
// The dialogue engine quotes sections by ID, and finds others through an index such
// as bleveindex, which returns Hits. A section is shown as it stands, with its source,
// or not at all: that is why the rules on length and on the backup warning are
// enforced here, on the texts, and not when a reply is made.
package knowledge

import (
	"embed"
	"strings"
	"time"

	"verihelp/internal/chat"
)

// Data is the articles that come with the program, in the form that Load reads.
//
//go:embed articles/*.md
var Data embed.FS

// Article is one help article.
type Article struct {
	ID       string    // file name without ".md"
	Title    string    // as shown with every quotation
	About    string    // what it is about, one line
	Updated  time.Time // day of its last update, midnight UTC
	Source   string    // https address of the original, or empty
	Sections []*Section
}

// Section is the part of an article that is quoted as a whole.
type Section struct {
	ID      string       // "article#anchor"
	Anchor  string       // stable: stored traces and categories point to it
	Title   string       // its heading
	Number  string       // section of the source article, such as "五.3", or empty
	Blocks  []chat.Block // what is shown, never empty
	Article *Article
	Line    int // of its heading in the file, for error messages
}

// Text is the section as plain text, without its title.
func (s *Section) Text() string { return chat.Bubble{Blocks: s.Blocks}.Text() }

// Hit is a section that an index found for a query.
type Hit struct {
	Section *Section
	Score   float64 // how much of the query it covers, 0 to 1
}

// Library is all articles. It never changes after Load.
type Library struct {
	articles []*Article
	sections []*Section
	byID     map[string]*Section
	unread   map[string]bool // articles whose sections nobody can know, until their file is put right
	hash     string
}

// Section finds a section by its ID, "article#anchor".
func (l *Library) Section(id string) (*Section, bool) {
	s, ok := l.byID[id]
	return s, ok
}

// MayHold says whether there is such a section, or may be: in an article that could
// not be read, or where there is no article at all. So one fault is not told as many.
func (l *Library) MayHold(id string) bool {
	article, _, _ := strings.Cut(id, "#")
	return l.byID[id] != nil || l.unread[article] || len(l.articles)+len(l.unread) == 0
}

// Sections lists all sections: by article ID, then as they stand in the article.
func (l *Library) Sections() []*Section { return l.sections }

// Articles lists all articles by ID.
func (l *Library) Articles() []*Article { return l.articles }

// Hash identifies the contents: 12 hexadecimal digits of a SHA-256 over the names and
// bytes of all files, in the order of their names.
func (l *Library) Hash() string { return l.hash }

func (l *Library) add(a *Article) {
	l.articles = append(l.articles, a)
	for _, s := range a.Sections {
		l.sections = append(l.sections, s)
		l.byID[s.ID] = s
	}
}

// words is title and text together: what a rule on a section's words looks at.
func (s *Section) words() string { return s.Title + "\n" + s.Text() }
