package facts

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Hash names the words and places that facts are read with: SHA-256, in hexadecimal.
func Hash() string {
	h := sha256.New()
	h.Write(wordsYAML)
	h.Write(placesYAML)
	return hex.EncodeToString(h.Sum(nil))
}

//go:embed places.yaml
var placesYAML []byte

// Country is an entry of the place list: a country, or a region that the article
// treats on its own.
type Country struct {
	Name        string   `yaml:"name"`          // Traditional Chinese
	ISO         string   `yaml:"iso"`           // ISO 3166-1 alpha-2, or 3166-2
	Status      string   `yaml:"status"`        // Unsupported, Partly, NotListed
	ClosedToNew bool     `yaml:"closed_to_new"` // holders of an account exist there
	PartOf      string   `yaml:"part_of"`       // ISO code of the country of a region
	Limited     string   `yaml:"limited"`       // what is limited, Traditional Chinese; Partly only
	Products    []string `yaml:"products"`      // Partly: products that are limited, if not regions
	Aliases     []string `yaml:"aliases"`
}

// gazetteer finds the longest place name at a place of a folded text.
type gazetteer struct {
	countries []Country
	names     map[rune][]name
}

// name is a folded alias; country is nil for a word that only looks like a place.
type name struct {
	runes   []rune
	country *Country
}

// places is the embedded list; a fault in it is one of the build, which every
// test of this package finds.
var places = func() *gazetteer {
	g, err := loadPlaces("places.yaml", placesYAML)
	if err != nil {
		panic(err)
	}
	return g
}()

// loadPlaces reads a place list and refuses unknown fields, missing names,
// unknown statuses and aliases that two places share.
func loadPlaces(file string, data []byte) (*gazetteer, error) {
	var doc struct {
		Ignore []string    `yaml:"ignore"`
		Places []yaml.Node `yaml:"places"`
	}
	if err := strict(data, &doc); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	g := &gazetteer{countries: make([]Country, len(doc.Places)), names: map[rune][]name{}}
	var faults []error
	for _, word := range doc.Ignore {
		faults = append(faults, g.add(word, nil))
	}
	for i, node := range doc.Places {
		c := &g.countries[i]
		err := decodeCountry(node, c)
		for _, alias := range append([]string{c.Name}, c.Aliases...) {
			err = errors.Join(err, g.add(alias, c))
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s:%d: %w", file, node.Line, err))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if len(g.countries) == 0 {
		return nil, fmt.Errorf("read %s: no places", file)
	}
	return g, nil
}

// strict decodes YAML and refuses unknown fields.
func strict(data []byte, into any) error {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// countryFields are the keys of an entry. A node decodes leniently, so that they
// are checked here.
var countryFields = []string{"name", "iso", "status", "closed_to_new", "part_of", "limited", "products", "aliases"}

func decodeCountry(node yaml.Node, c *Country) error {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if key := node.Content[i].Value; node.Kind == yaml.MappingNode && !slices.Contains(countryFields, key) {
			return fmt.Errorf("unknown field %q", key)
		}
	}
	if err := node.Decode(c); err != nil {
		return err
	}
	switch {
	case c.Name == "":
		return errors.New("a place needs a name")
	case !slices.Contains([]string{Unsupported, Partly, NotListed}, c.Status):
		return fmt.Errorf("place %s: unknown status %q", c.Name, c.Status)
	case c.ClosedToNew && c.Status != Unsupported:
		return fmt.Errorf("place %s: closed_to_new needs status %s", c.Name, Unsupported)
	case (c.Limited != "") != (c.Status == Partly):
		return fmt.Errorf("place %s: limited belongs to status %s, which needs it", c.Name, Partly)
	}
	return nil
}

// add enters an alias. The same alias twice for one place does no harm: names
// that differ in script only fold to one.
func (g *gazetteer) add(alias string, c *Country) error {
	runes := folded(alias)
	if len(runes) < 2 {
		return fmt.Errorf("alias %q is too short", alias)
	}
	for _, n := range g.names[runes[0]] {
		if slices.Equal(n.runes, runes) {
			if n.country != c {
				return fmt.Errorf("alias %q belongs to another place, too", alias)
			}
			return nil
		}
	}
	g.names[runes[0]] = append(g.names[runes[0]], name{runes, c})
	return nil
}

// find gives every place named in a folded text; Start and End count characters.
func (g *gazetteer) find(text []rune) []Fact {
	var found []Fact
	for i := 0; i < len(text); {
		n := g.at(text, i)
		if len(n.runes) == 0 {
			i++
			continue
		}
		end := i + len(n.runes)
		if n.country != nil && !isLanguage(text, end) {
			found = append(found, Fact{Kind: Place, Place: n.country.Name, ISO: n.country.ISO, PlaceStatus: n.country.Status,
				Country: n.country, Document: isDocument(text, end) || isIssuer(text, i), Passport: isPassport(text, i, end), Residence: isResidence(text, i, end), National: isNational(text, i, end), Aside: isAside(text, i, end), Start: i, End: end})
		}
		i = end
	}
	return found
}

// at gives the longest name that starts at i; Latin names are whole words.
func (g *gazetteer) at(text []rune, i int) (best name) {
	for _, n := range g.names[text[i]] {
		if len(n.runes) > len(best.runes) && hasPrefix(text[i:], n.runes) && whole(text, i, i+len(n.runes)) {
			best = n
		}
	}
	return best
}

// isLanguage reports whether what follows a name makes it a language: 緬甸文,
// 波斯語; not 日本文件, 台灣話費.
func isLanguage(text []rune, i int) bool {
	if i >= len(text) || text[i] != '语' && text[i] != '文' && text[i] != '话' {
		return false
	}
	return i+1 >= len(text) || !strings.ContainsRune("件化费书凭单", text[i+1])
}

// Words around a place that is named only to set it aside: 不是印度, 從香港搬來,
// 加拿大不行我知道.
var (
	asideBefore = [][]rune{folded("不是"), folded("並非"), folded("唔係"), folded("非"), folded("從"), folded("以前住"), folded("以前住在"), folded("之前住"), folded("之前住在"), folded("以前在"), folded("之前在"), folded("原本住"), folded("原本住在"), folded("曾經住在"), folded("曾住"), folded("以前住喺"), folded("由"), folded("離開"), folded("不在"), folded("不住"), folded("沒住"), folded("沒在"), folded("唔喺"), folded("唔住")}
	asideAfter  = [][]rune{folded("不行"), folded("唔得"), folded("不能用"), folded("不支援"), folded("搬"), folded("移居"), folded("回來"), folded("返"), folded("出差"), folded("轉機")}
)

// isAside reports whether the place at from…to is not the one that is asked about. A
// clause that goes on to ask ("不行嗎") asks about it.
func isAside(text []rune, from, to int) bool {
	for _, w := range asideBefore {
		if from >= len(w) && hasPrefix(text[from-len(w):], w) {
			return true
		}
	}
	for _, w := range asideAfter {
		if !hasPrefix(text[to:], w) {
			continue
		}
		after := to + len(w)
		return after < len(text) && !strings.ContainsRune("嗎吗么?？咩", text[after])
	}
	return false
}

// Words that say that somebody is at a place or a national of it, before and after.
var (
	residing = [][]rune{folded("居住地"), folded("居住地是"), folded("現居"), folded("住在"), folded("人在"), folded("住喺"), folded("人喺"), folded("住"), folded("身在"), folded("常住"), folded("定居"), folded("居住在"), folded("旅居"), folded("我在"), folded("我喺"), folded("國籍是"), folded("國籍")}
	resided  = [][]rune{folded("住"), folded("常住"), folded("定居"), folded("居民"), folded("生活"), folded("公民"), folded("籍")}
)

func isResidence(text []rune, from, to int) bool {
	if isAside(text, from, to) || isDocument(text, to) {
		return false
	}
	from = beforeColon(text, from)
	for _, w := range residing {
		if from >= len(w) && hasPrefix(text[from-len(w):], w) {
			return true
		}
	}
	for _, w := range resided {
		if hasPrefix(text[to:], w) {
			return true
		}
	}
	return false
}

// Words that say that somebody is a national of a place, before and after it, and the
// papers that only nationals or permanent residents have.
var (
	nationalBefore = [][]rune{folded("護照"), folded("passport"), folded("nationality"), folded("國籍是"), folded("國籍"), folded("護照是"), folded("身份證是"), folded("身分證是"), folded("passport is ")}
	nationalAfter  = [][]rune{folded("公民"), folded("國籍"), folded("籍"), folded("護照"), folded("身份證"), folded("身分證"), folded("passport"), folded("國民")}
	personAfter    = folded("人")
	notPerson      = folded("臉工口數民氣像")
)

// isNational reports whether the place at from…to is somebody's nationality: 馬來西亞人,
// 日籍, 印度的護照; not 日本人臉.
func isNational(text []rune, from, to int) bool {
	from = beforeColon(text, from)
	for _, w := range nationalBefore {
		if from >= len(w) && hasPrefix(text[from-len(w):], w) {
			return true
		}
	}
	last := text[to-1]
	for to < len(text) && (text[to] == ' ' || text[to] == '的' || text[to] == '嘅') {
		to++
	}
	for _, w := range nationalAfter {
		if hasPrefix(text[to:], w) {
			return true
		}
	}
	if hasPrefix(text[to:], personAfter) {
		return to+1 >= len(text) || !slices.Contains(notPerson, text[to+1])
	}
	return last == '籍' || last == '人'
}

// beforeColon goes back over what parts a label from a place: 居住地：新加坡.
func beforeColon(text []rune, from int) int {
	for from > 0 && (text[from-1] == ' ' || text[from-1] == ':') {
		from--
	}
	return from
}

// papers follow a place that is only the issuer of something.
var papers = [][]rune{folded("身份證"), folded("身分證"), folded("居民身份證"), folded("護照"), folded("證件"), folded("手機"),
	folded("號碼"), folded("電話"), folded("戶口"), folded("駕照"), folded("駕駛證"), folded("銀行"), folded("門號"), folded("簽證"),
	folded("sfz"), folded("passport"), folded("id")}

// isIssuer reports whether "護照是" or its like stands before a place.
func isIssuer(text []rune, from int) bool {
	for _, link := range [][]rune{folded("是"), folded("係"), folded("為")} {
		if from < len(link) || !hasPrefix(text[from-len(link):], link) {
			continue
		}
		for _, p := range papers {
			if at := from - len(link) - len(p); at >= 0 && hasPrefix(text[at:], p) {
				return true
			}
		}
	}
	return false
}

var passport = [][]rune{folded("護照"), folded("passport")}

// isPassport reports whether a place is the one that a passport is of: as good as a
// nationality, which a driving licence is not.
func isPassport(text []rune, from, to int) bool {
	for _, p := range passport {
		if hasPrefix(text[to:], p) || to < len(text) && hasPrefix(text[to+1:], p) || from > len(p) && hasPrefix(text[from-1-len(p):], p) {
			return true
		}
	}
	return false
}

func isDocument(text []rune, i int) bool {
	for i < len(text) && (text[i] == ' ' || text[i] == '的' || text[i] == '嘅') {
		i++
	}
	for _, p := range papers {
		if hasPrefix(text[min(i, len(text)):], p) {
			return true
		}
	}
	return false
}
