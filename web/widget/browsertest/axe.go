package browsertest

import (
	"os"
	"path/filepath"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Accessible checks what is on the page now against WCAG 2.2 A and AA, and axe's
// good practice.
func (p *Page) Accessible(state string) {
	p.t.Helper()
	source, err := os.ReadFile(filepath.Join(NPM(p.t), "axe-core", "axe.min.js"))
	require.NoError(p.t, err)
	if !Eval[bool](p, "Boolean(window.axe)") {
		Eval[bool](p, "(() => { "+string(source)+"; return true; })()")
	}
	found := Eval[[]string](p, `axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
	}).then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target.flat().join(' ') + ': ' + n.failureSummary)))`)
	assert.Empty(p.t, found, "accessible: %s", state)
}
