package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Lease takes or renews the lease of a name for a holder until a time. It is
// refused (false) while another's runs. Clocks of processes that share a
// database may differ by a few seconds, not more.
func (s *Store) Lease(ctx context.Context, name, holder string, now, until time.Time) (held bool, err error) {
	err = s.engine.write(ctx, func(ctx context.Context, q querier) error {
		result, err := q.ExecContext(ctx, `
			INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
			WHERE leases.holder = excluded.holder OR leases.until <= $4`,
			name, holder, until.UnixMilli(), now.UnixMilli())
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		held = n == 1
		return err
	})
	if err != nil {
		return false, fmt.Errorf("take lease %s: %w", name, err)
	}
	return held, nil
}

// Unlease gives a lease back, if the holder still has it.
func (s *Store) Unlease(ctx context.Context, name, holder string) error {
	err := s.engine.write(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `DELETE FROM leases WHERE name = $1 AND holder = $2`, name, holder)
		return err
	})
	if err != nil {
		return fmt.Errorf("give back lease %s: %w", name, err)
	}
	return nil
}

// dropLeases ends all leases: no other process can be alive. That a delivery was
// in somebody's hands stays known.
func dropLeases(ctx context.Context, q querier) error {
	_, err := q.ExecContext(ctx, `DELETE FROM leases`)
	_, err2 := q.ExecContext(ctx, `UPDATE outbox SET leased_until = 1 WHERE leased_until > 1`)
	return errors.Join(err, err2)
}
