// Package outgoing is the only way out of this machine: the one HTTP client for
// whatever asks another. Nobody who can name an address may make it reach what
// only this machine can reach.
//
// The address is checked when it is dialled, after its name was resolved, so
// that a name which answers differently the second time changes nothing.
// Private, loopback and reserved addresses are refused unless the operator
// allows their network; those of a cloud's metadata always are. Redirects stay
// on the host, proxies of the environment are not asked, answers end at a size.
package outgoing

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// Errors of a question that was not asked, or whose answer was not read to its
// end; callers branch on them with errors.Is.
var (
	ErrRefused = errors.New("is not asked")
	ErrTooLong = errors.New("the answer is too long")
)

const (
	dialTimeout  = 5 * time.Second
	idleTimeout  = 30 * time.Second
	maxHeader    = 64 << 10
	maxRedirects = 3
	httpsPort    = 443
)

// Options is what a client may do.
type Options struct {
	Allow    []netip.Prefix // networks that the operator allows, also without https and at any port
	Timeout  time.Duration  // of one question with its whole answer
	MaxBody  int64          // bytes of an answer, unpacked
	Resolver *net.Resolver  // nil: the machine's
	Roots    *x509.CertPool // nil: the machine's
}

// New is a client that keeps to o.
func New(o Options) *http.Client {
	g := guard{o.Allow}
	return &http.Client{
		Timeout:       o.Timeout,
		CheckRedirect: sameHost,
		Transport: &way{
			secure:  transport(o, g.secure),
			plain:   transport(o, g.plain),
			maxBody: o.MaxBody,
		},
	}
}

func transport(o Options, may func(network, address string, _ syscall.RawConn) error) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, Resolver: o.Resolver, Control: may}
	return &http.Transport{
		Proxy:                  nil, // one would be asked unseen
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		ResponseHeaderTimeout:  o.Timeout,
		IdleConnTimeout:        idleTimeout,
		MaxIdleConns:           8,
		MaxResponseHeaderBytes: maxHeader,
		ForceAttemptHTTP2:      true,
	}
}

// way chooses the transport and bounds the answer.
type way struct {
	secure, plain *http.Transport
	maxBody       int64
}

// RoundTrip implements http.RoundTripper.
func (w *way) RoundTrip(r *http.Request) (*http.Response, error) {
	t := w.secure
	switch r.URL.Scheme {
	case "https":
	case "http":
		t = w.plain
	default:
		return nil, fmt.Errorf("an address that begins with %.20q %w", r.URL.Scheme, ErrRefused)
	}
	res, err := t.RoundTrip(r)
	if err != nil {
		return nil, err //nolint:wrapcheck // the client names the address
	}
	res.Body = &bounded{ReadCloser: res.Body, left: w.maxBody}
	return res, nil
}

// CloseIdleConnections lets http.Client close what it keeps open.
func (w *way) CloseIdleConnections() {
	w.secure.CloseIdleConnections()
	w.plain.CloseIdleConnections()
}

// bounded is a body that fails where it grows too long, counted unpacked.
type bounded struct {
	io.ReadCloser
	left int64
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left+1)])
	if b.left -= int64(n); b.left < 0 {
		return 0, ErrTooLong
	}
	return n, err //nolint:wrapcheck // io.EOF is compared
}

// sameHost follows a redirect on one host only: credentials and questions meant
// for it are nobody else's.
func sameHost(r *http.Request, via []*http.Request) error {
	switch first := via[0].URL; {
	case len(via) > maxRedirects:
		return fmt.Errorf("what sends on %d times %w", len(via), ErrRefused)
	case r.URL.Host != first.Host || r.URL.Scheme != first.Scheme:
		return fmt.Errorf("%s://%s, where %s sends on to, %w", r.URL.Scheme, r.URL.Host, first.Host, ErrRefused)
	}
	return nil
}
