package chat

import "time"

// DestinationKind says what is at the other end.
type DestinationKind string

// Destination kinds.
const (
	ToChannel DestinationKind = "channel" // a user on a remote channel; Key is Address.User
	ToDesk    DestinationKind = "desk"    // a case on a remote desk; Key is the case's ID
	ToHook    DestinationKind = "hook"    // the host's server, to push a notification; Key is Address.User
)

// Destination is where deliveries go. Those of one destination are made in the
// order of their commits, one at a time.
type Destination struct {
	Kind DestinationKind `json:"kind"`
	Name string          `json:"name"` // of the channel or desk
	Key  string          `json:"key"`
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// Delivery states.
const (
	DeliveryWaiting DeliveryState = "waiting" // for its turn, or for the next attempt
	DeliveryUnknown DeliveryState = "unknown" // the last attempt may have arrived: the API is asked before the next
	DeliverySent    DeliveryState = "sent"
	DeliveryDead    DeliveryState = "dead" // given up; staff and the user were told
)

// Delivery is a row of the outbox: something committed with a turn that has to
// reach a remote API. It names what to send and holds none of it.
type Delivery struct {
	ID        int64         `json:"id"` // grows in the order of commits within a destination
	To        Destination   `json:"to"`
	Address   Address       `json:"address"`         // the conversation it belongs to
	Event     string        `json:"event,omitempty"` // ToDesk: the EventCase behind it
	First     int64         `json:"first"`           // sequence numbers of the items; none if Last < First
	Last      int64         `json:"last"`
	State     DeliveryState `json:"state"`
	Attempts  int           `json:"attempts"`
	Unknowns  int           `json:"unknowns,omitempty"` // attempts whose outcome stayed unknown
	Receipts  []string      `json:"receipts,omitempty"` // the API's IDs of the parts that arrived, in order
	Error     string        `json:"error,omitempty"`    // why the last attempt failed, without a user's words
	Due       time.Time     `json:"due"`                // not before
	CreatedAt time.Time     `json:"created_at"`
	ChangedAt time.Time     `json:"changed_at"`
}
