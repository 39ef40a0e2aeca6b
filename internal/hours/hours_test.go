package hours

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

func at(t testing.TB, local string, z *time.Location) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", local, z)
	require.NoError(t, err)
	return moment
}

// 2026-11-22 is a Sunday.
func TestWhenStaffAreBack(t *testing.T) {
	const office = "Mon-Fri 09:00-18:00, Sat 10:00-14:00"
	for _, test := range []struct{ name, hours, zone, now, next string }{
		{"in the morning", office, "Asia/Taipei", "2026-11-23 08:59", "2026-11-23 09:00"},
		{"at the opening", office, "Asia/Taipei", "2026-11-23 09:00", "2026-11-23 09:00"},
		{"at the close", office, "Asia/Taipei", "2026-11-23 18:00", "2026-11-24 09:00"},
		{"Friday evening", office, "Asia/Taipei", "2026-11-27 19:00", "2026-11-28 10:00"},
		{"Saturday afternoon", office, "Asia/Taipei", "2026-11-28 15:00", "2026-11-30 09:00"},
		{"a week later", "Wed 09:00-10:00", "Asia/Taipei", "2026-11-25 10:00", "2026-12-02 09:00"},
		{"lunch", "Mon 09:00-12:00, Mon 13:00-18:00", "Asia/Taipei", "2026-11-23 12:30", "2026-11-23 13:00"},
		{"two that touch are one", "Mon 09:00-12:00, Mon 12:00-18:00", "Asia/Taipei", "2026-11-23 12:00", "2026-11-23 12:00"},
		{"over midnight", "Fri 22:00-02:00", "Asia/Taipei", "2026-11-28 01:59", "2026-11-28 01:59"},
		{"over midnight, after it", "Fri 22:00-02:00", "Asia/Taipei", "2026-11-28 02:00", "2026-12-04 22:00"},
		{"until midnight", "Fri 22:00-24:00", "Asia/Taipei", "2026-11-28 00:00", "2026-12-04 22:00"},
		{"round the clock", "Mon-Sun 00:00-24:00", "Asia/Taipei", "2026-11-28 00:00", "2026-11-28 00:00"},
		{"over the week's end", "Sat-Mon 09:00-10:00", "Asia/Taipei", "2026-11-22 08:00", "2026-11-22 09:00"},
		{"clocks forward that night", office, "Europe/Berlin", "2026-03-28 20:00", "2026-03-30 09:00"},
		{"clocks back that night", "Sun 09:00-10:00", "Europe/Berlin", "2026-10-24 20:00", "2026-10-25 09:00"},
		{"always", "", "Asia/Taipei", "2026-11-22 03:00", "2026-11-22 03:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			z := zone(t, test.zone)
			h, err := Parse(test.hours, z)
			require.NoError(t, err)
			now, next := at(t, test.now, z), at(t, test.next, z)
			assert.True(t, next.Equal(h.Next(now.UTC())), "%s", h.Next(now).In(z))
			assert.Equal(t, now.Equal(next), h.Open(now))
		})
	}
}

func TestWorkingTimeBetween(t *testing.T) {
	const office = "Mon-Fri 09:00-18:00"
	for _, test := range []struct {
		name, hours, zone, from, to string
		want                        time.Duration
	}{
		{"within a day", office, "Asia/Taipei", "2026-11-23 10:00", "2026-11-23 11:30", 90 * time.Minute},
		{"over a night", office, "Asia/Taipei", "2026-11-23 17:00", "2026-11-24 09:30", 90 * time.Minute},
		{"over a week's end", office, "Asia/Taipei", "2026-11-27 17:30", "2026-11-30 09:30", time.Hour},
		{"a whole week", office, "Asia/Taipei", "2026-11-22 00:00", "2026-11-29 00:00", 45 * time.Hour},
		{"at night", office, "Asia/Taipei", "2026-11-23 20:00", "2026-11-24 08:00", 0},
		{"backwards", office, "Asia/Taipei", "2026-11-24 10:00", "2026-11-23 10:00", 0},
		{"the night shift", "Fri 22:00-06:00", "Asia/Taipei", "2026-11-27 23:00", "2026-11-28 05:00", 6 * time.Hour},
		{"a night shift with an hour less", "Sat 22:00-06:00", "Europe/Berlin", "2026-03-28 22:00", "2026-03-29 06:00", 7 * time.Hour},
		{"a night shift with an hour more", "Sat 22:00-06:00", "Europe/Berlin", "2026-10-24 22:00", "2026-10-25 06:00", 9 * time.Hour},
		{"always", "", "Asia/Taipei", "2026-11-22 00:00", "2026-11-22 05:00", 5 * time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			z := zone(t, test.zone)
			h, err := Parse(test.hours, z)
			require.NoError(t, err)
			assert.Equal(t, test.want, h.Between(at(t, test.from, z), at(t, test.to, z)))
		})
	}
}

func TestWhatIsNoWorkingTimeIsToldWithAnExample(t *testing.T) {
	for _, text := range []string{"9-18", "Mon", "Mon 09:00", "Mon 09:00-09:00", "Mon 25:00-26:00", "Mon 09:60-18:00", "Foo 09:00-18:00", "Mon-Foo 09:00-18:00", "Mon 09:00-18:00,", "Mon 24:00-02:00", "sat - sun 9:00-10:00", "週一 09:00-18:00"} {
		_, err := Parse(text, time.UTC)
		require.ErrorContains(t, err, "Mon-Fri 09:00-18:00", text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("Mon-Fri 09:00-18:00, Sat 10:00-14:00", int64(1_795_000_000))
	f.Add("Fri 22:00-02:00", int64(0))
	berlin := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, text string, unix int64) {
		h, err := Parse(text, berlin)
		if err != nil {
			return
		}
		now := time.Unix(unix%4_000_000_000, 0)
		next := h.Next(now)
		assert.False(t, next.Before(now))
		assert.Zero(t, h.Between(now, next), "nobody works before the next opening")
		if !h.Always() {
			assert.LessOrEqual(t, next.Sub(now), 8*24*time.Hour)
		}
	})
}
