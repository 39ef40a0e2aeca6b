package webchat

import (
	"net/http"
	"net/netip"
	"strings"
)

// ipv6Prefix is what one customer gets: limits per single IPv6 address would
// limit nobody.
const ipv6Prefix = 64

// peer is the network address that limits are kept for: the client's, as the
// right-most proxy that is trusted saw it. It is invalid, which means no limit,
// for a proxy on a private network that is not listed as trusted: all its users
// would share one address.
func (c *Channel) peer(r *http.Request) netip.Addr {
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address := remote.Addr().Unmap().WithZone("")
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	if !c.trusted(address) {
		if forwarded[0] != "" && (address.IsLoopback() || address.IsPrivate()) {
			c.warnProxy.Do(func() {
				c.cfg.Logger.Warn("a proxy is not listed in BOT_TRUSTED_PROXIES: no limits per address for what comes through it", "proxy", address.String())
			})
			return netip.Addr{}
		}
		return network(address)
	}
	for i := len(forwarded) - 1; i >= 0 && c.trusted(address); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(forwarded[i]))
		if err != nil {
			break // what stands further left was written by someone we do not know
		}
		address = next.Unmap().WithZone("")
	}
	return network(address)
}

func (c *Channel) trusted(address netip.Addr) bool {
	for _, prefix := range c.cfg.TrustedProxies {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}

func network(address netip.Addr) netip.Addr {
	if address.Is4() {
		return address
	}
	prefix, err := address.Prefix(ipv6Prefix)
	if err != nil {
		return netip.Addr{}
	}
	return prefix.Addr()
}
