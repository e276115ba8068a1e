package devstack

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
)

const loopback = "127.0.0.1"

// claimPort makes sure that nobody listens on the port; 0 gives any free one.
// The flag is the one that a person would use to choose another.
func claimPort(port int, flag string) (int, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort(loopback, strconv.Itoa(port)))
	if err != nil {
		return 0, fmt.Errorf("port %d is in use or not allowed: stop the program that has it, or choose another with %s (0 = any free one)", port, flag)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// AddressOf is the address of another database on the same server, for another
// user when one is given.
func AddressOf(server, database string, as *url.Userinfo) (string, error) {
	address, err := url.Parse(server)
	if err != nil {
		return "", errors.New("the server's address is no postgres:// URL")
	}
	address.Path = "/" + database
	if as != nil {
		address.User = as
	}
	return address.String(), nil
}
