package api

import (
	"cmp"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// addressOf is the network address of the caller, for the audit and the limits.
// What a forwarding header claims is believed only when the connection comes
// from a proxy that the settings name, and from the right: each proxy adds on
// the right whom it heard from, so the first address from there that is no proxy
// of ours is the caller's, and all that stands left of it anyone can have
// written.
//
// Where both headers are there and disagree, one of them is not the proxy's own
// and neither is believed: the proxy has to set one and drop the other.
func (c *counter) addressOf(r *http.Request) string {
	peer, ok := addressIn(r.RemoteAddr)
	if !ok || !c.isProxy(peer) {
		return cmp.Or(plain(peer), r.RemoteAddr)
	}
	claims := [][]string{
		splitList(r.Header.Values("X-Forwarded-For")),
		forwardedFor(r.Header.Values("Forwarded")),
	}
	found := netip.Addr{}
	for _, claim := range claims {
		if len(claim) == 0 {
			continue
		}
		client := c.clientOf(peer, claim)
		if found.IsValid() && found != client {
			return peer.String()
		}
		found = client
	}
	if !found.IsValid() {
		return peer.String()
	}
	return found.String()
}

// clientOf reads a claim from the right. What is no address ends the reading:
// then it is the last proxy that was heard from.
func (c *counter) clientOf(peer netip.Addr, claim []string) netip.Addr {
	heard := peer
	for _, named := range slices.Backward(claim) {
		address, ok := addressIn(named)
		if !ok {
			return heard
		}
		heard = address
		if !c.isProxy(address) {
			return address
		}
	}
	return heard
}

func (c *counter) isProxy(address netip.Addr) bool {
	return slices.ContainsFunc(c.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(address) })
}

func plain(address netip.Addr) string {
	if !address.IsValid() {
		return ""
	}
	return address.String()
}

// addressIn reads an address, with or without a port.
func addressIn(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if both, err := netip.ParseAddrPort(text); err == nil {
		return both.Addr().Unmap().WithZone(""), true
	}
	address, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return address.Unmap().WithZone(""), err == nil
}

func splitList(values []string) []string {
	if len(values) == 0 {
		return nil
	}
	return strings.Split(strings.Join(values, ","), ",")
}

// forwardedFor takes the "for" of each proxy out of Forwarded headers (RFC
// 7239). An element without one ends the reading, as one that is no address.
func forwardedFor(values []string) []string {
	var found []string
	for _, element := range splitList(values) {
		of := ""
		for pair := range strings.SplitSeq(element, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			if strings.EqualFold(name, "for") {
				of = strings.Trim(value, `"`)
			}
		}
		found = append(found, of)
	}
	return found
}
