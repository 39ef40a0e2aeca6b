package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"verihelp/internal/chat"
)

// ErrLeaseLost is returned to who took a delivery so long ago that another has
// taken it since.
var ErrLeaseLost = errors.New("another process has taken this delivery")

// ErrUnknownDelivery is returned for a delivery that there is not.
var ErrUnknownDelivery = errors.New("no such delivery, or it has arrived")

const (
	deliveryColumns = `outbox.id, kind, name, dest_key, event, first_seq, outbox.last_seq, outbox.state,
		attempts, unknowns, receipts, error, due, created_at, outbox.changed_at`

	// The head of a destination's queue, and only that, can be taken: so a row
	// that has to wait for its next attempt is not overtaken. A lease that has
	// run out was that of an attempt which broke off: it may have arrived. The
	// state is looked at twice because PostgreSQL, where it waited for another
	// transaction, looks again at the row but not at what chose it.
	takeQuery = `
		UPDATE outbox SET leased_until = $1, holder = $2,
			state = CASE WHEN leased_until > 0 THEN 'unknown' ELSE state END,
			unknowns = unknowns + CASE WHEN leased_until > 0 THEN 1 ELSE 0 END
		WHERE id = (
				SELECT MIN(id) FROM outbox
				WHERE kind = $3 AND name = $4 AND dest_key = $5 AND state IN ('waiting', 'unknown'))
			AND state IN ('waiting', 'unknown') AND due <= $6 AND leased_until <= $6
		RETURNING id`
	deliveryQuery = `
		SELECT ` + deliveryColumns + `, conversations.channel, conversations.channel_user
		FROM outbox JOIN conversations ON conversations.id = outbox.conversation`
	settleQuery = `
		UPDATE outbox SET state = $1, attempts = $2, unknowns = $3, receipts = $4, error = $5, due = $6,
			changed_at = $7, leased_until = 0, holder = ''
		WHERE id = $8 AND holder = $9 AND leased_until > 0`
	dueQuery = `
		SELECT kind, name, dest_key FROM outbox
		WHERE id IN (SELECT MIN(id) FROM outbox WHERE state IN ('waiting', 'unknown') GROUP BY kind, name, dest_key)
			AND due <= $1 AND leased_until <= $1
		ORDER BY due, id LIMIT $2`
	retryQuery = `
		UPDATE outbox SET due = $1, changed_at = $1, attempts = 0,
			state = CASE WHEN state <> 'dead' THEN state WHEN unknowns > 0 THEN 'unknown' ELSE 'waiting' END
		WHERE id = $2 AND state <> 'sent'`
)

// Take hands the oldest unsent row of a destination to a holder, until the lease
// ends: if it is due, and nobody else has it. ok is false where there is nothing
// to do now. A row whose last holder never settled it, because its process died,
// comes as DeliveryUnknown, with one more of Unknowns.
func (s *Store) Take(ctx context.Context, to chat.Destination, holder string, now time.Time, lease time.Duration) (d chat.Delivery, ok bool, err error) {
	err = s.engine.write(ctx, func(ctx context.Context, q querier) error {
		var id int64
		err := q.QueryRowContext(ctx, takeQuery, now.Add(lease).UnixMilli(), holder,
			string(to.Kind), to.Name, to.Key, now.UnixMilli()).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		d, err = scanDelivery(q.QueryRowContext(ctx, deliveryQuery+` WHERE outbox.id = $1`, id))
		ok = err == nil
		return err
	})
	if err != nil {
		return chat.Delivery{}, false, fmt.Errorf("take delivery: %w", err)
	}
	return d, ok, nil
}

// Settle writes what became of a delivery that its holder took, and gives it
// back; ErrLeaseLost if another has it by now.
func (s *Store) Settle(ctx context.Context, d chat.Delivery, holder string) error {
	receipts, err := json.Marshal(append([]string{}, d.Receipts...))
	if err != nil {
		return fmt.Errorf("encode receipts: %w", err)
	}
	err = s.engine.write(ctx, func(ctx context.Context, q querier) error {
		return one(ErrLeaseLost)(q.ExecContext(ctx, settleQuery, string(d.State), d.Attempts, d.Unknowns, string(receipts), d.Error,
			d.Due.UnixMilli(), d.ChangedAt.UnixMilli(), d.ID, holder))
	})
	if err != nil {
		return fmt.Errorf("settle delivery: %w", err)
	}
	return nil
}

// one makes an error of a change that met no row.
func one(missing error) func(sql.Result, error) error {
	return func(result sql.Result, err error) error {
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err == nil && n == 0 {
			return missing
		}
		return err
	}
}

// DueDestinations returns destinations whose head is due and in nobody's hands,
// the longest waiting first: for whoever sweeps up what no wake reached.
func (s *Store) DueDestinations(ctx context.Context, now time.Time, limit int) (found []chat.Destination, err error) {
	rows, err := s.db.QueryContext(ctx, dueQuery, now.UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("find due deliveries: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var d chat.Destination
		if err := rows.Scan(&d.Kind, &d.Name, &d.Key); err != nil {
			return nil, fmt.Errorf("read due delivery: %w", err)
		}
		found = append(found, d)
	}
	return found, rows.Err()
}

// Deliveries lists rows of the outbox in the given states, the oldest first.
func (r *Reader) Deliveries(ctx context.Context, states []chat.DeliveryState, limit int) (found []chat.Delivery, err error) {
	for _, state := range states {
		some, err := r.deliveries(ctx, deliveryQuery+` WHERE outbox.state = $1 ORDER BY outbox.id LIMIT $2`, string(state), limit)
		if err != nil {
			return nil, fmt.Errorf("list deliveries: %w", err)
		}
		found = append(found, some...)
	}
	return found, nil
}

func (r *Reader) deliveries(ctx context.Context, query string, args ...any) (found []chat.Delivery, err error) {
	rows, err := r.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		d, err := scanDelivery(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, d)
	}
	return found, rows.Err()
}

// RetryDelivery makes a stuck or dead delivery due now; ErrUnknownDelivery if
// there is none of that ID, or it has arrived.
func (s *Store) RetryDelivery(ctx context.Context, id int64, now time.Time) error {
	err := s.engine.write(ctx, func(ctx context.Context, q querier) error {
		return one(ErrUnknownDelivery)(q.ExecContext(ctx, retryQuery, now.UnixMilli(), id))
	})
	if err != nil {
		return fmt.Errorf("retry delivery: %w", err)
	}
	return nil
}

// scanDelivery reads a row of deliveryQuery.
func scanDelivery(row interface{ Scan(dest ...any) error }) (chat.Delivery, error) {
	var d chat.Delivery
	var receipts string
	var due, created, changed int64
	err := row.Scan(&d.ID, &d.To.Kind, &d.To.Name, &d.To.Key, &d.Event, &d.First, &d.Last, &d.State,
		&d.Attempts, &d.Unknowns, &receipts, &d.Error, &due, &created, &changed, &d.Address.Channel, &d.Address.User)
	if err != nil {
		return chat.Delivery{}, err
	}
	if err := json.Unmarshal([]byte(receipts), &d.Receipts); err != nil {
		return chat.Delivery{}, fmt.Errorf("decode receipts: %w", err)
	}
	d.Due, d.CreatedAt, d.ChangedAt = fromMilli(due), fromMilli(created), fromMilli(changed)
	return d, nil
}

func fromMilli(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
