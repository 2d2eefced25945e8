package outgoing

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// asked is a server on loopback that counts who came through.
func asked(t *testing.T, tls bool, answer http.HandlerFunc) (*httptest.Server, *atomic.Int64, Options) {
	t.Helper()
	var came atomic.Int64
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		came.Add(1)
		answer(w, r)
	}))
	s.Config.ErrorLog = nil
	o := Options{Timeout: time.Minute, MaxBody: 1 << 20}
	if tls {
		s.StartTLS()
		o.Roots = x509.NewCertPool()
		o.Roots.AddCert(s.Certificate())
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s, &came, o
}

func get(t *testing.T, o Options, address string) ([]byte, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := New(o)
	t.Cleanup(client.CloseIdleConnections)
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	return io.ReadAll(res.Body)
}

func hello(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") } //nolint:errcheck // a test's answer

func TestPrivateAddressesAreAskedOnlyWhenAllowed(t *testing.T) {
	t.Parallel()
	for _, tls := range []bool{false, true} {
		s, came, o := asked(t, tls, hello)
		if _, err := get(t, o, s.URL); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "outgoing.allow") {
			t.Errorf("%s: %v, want it refused with the remedy", s.URL, err)
		}
		if came.Load() != 0 {
			t.Errorf("%s was reached", s.URL)
		}
		o.Allow = loopback
		if body, err := get(t, o, s.URL); err != nil || string(body) != "hello" {
			t.Errorf("%s, allowed: %q, %v", s.URL, body, err)
		}
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	t.Parallel()
	all := []netip.Prefix{netip.MustParsePrefix("128.0.0.0/1"), netip.MustParsePrefix("0.0.0.0/1"), netip.MustParsePrefix("8000::/1"), netip.MustParsePrefix("::/1")}
	tests := []struct {
		address        string
		secure, plain  bool // by default
		allowed, ruled bool // with everything allowed
	}{
		{"93.184.216.34:443", true, false, true, true},
		{"[2606:2800:220:1::1]:443", true, false, true, true},
		{"93.184.216.34:8443", false, false, true, true},
		{"93.184.216.34:80", false, false, true, true},
		{"127.0.0.1:443", false, false, true, true},
		{"[::1]:443", false, false, true, true},
		{"[::ffff:127.0.0.1]:443", false, false, true, true},
		{"0.0.0.0:443", false, false, true, true},
		{"[::]:443", false, false, true, true},
		{"10.0.0.1:443", false, false, true, true},
		{"172.31.255.255:443", false, false, true, true},
		{"192.168.1.1:443", false, false, true, true},
		{"100.64.0.1:443", false, false, true, true},
		{"[fd12::1]:443", false, false, true, true},
		{"[64:ff9b::a9fe:a9fe]:443", false, false, true, true}, // 169.254.169.254 in another dress
		{"[2002:a9fe:a9fe::1]:443", false, false, true, true},
		{"224.0.0.1:443", false, false, true, true},
		{"255.255.255.255:443", false, false, true, true},
		{"169.254.169.254:80", false, false, false, false},
		{"169.254.169.254:443", false, false, false, false},
		{"[::ffff:169.254.169.254]:443", false, false, false, false},
		{"[fe80::1%eth0]:443", false, false, false, false},
		{"[fd00:ec2::254]:443", false, false, false, false},
		{"100.100.100.200:443", false, false, false, false},
		{"168.63.129.16:443", false, false, false, false},
		{"no address", false, false, false, false},
	}
	for _, tt := range tests {
		if err := (guard{}).secure("", tt.address, nil); (err == nil) != tt.secure {
			t.Errorf("%s by https: %v, want asked: %v", tt.address, err, tt.secure)
		}
		if err := (guard{}).plain("", tt.address, nil); (err == nil) != tt.plain {
			t.Errorf("%s by http: %v, want asked: %v", tt.address, err, tt.plain)
		}
		if err := (guard{all}).secure("", tt.address, nil); (err == nil) != tt.allowed {
			t.Errorf("%s by https, allowed: %v, want asked: %v", tt.address, err, tt.allowed)
		}
		if err := (guard{all}).plain("", tt.address, nil); (err == nil) != tt.ruled {
			t.Errorf("%s by http, allowed: %v, want asked: %v", tt.address, err, tt.ruled)
		}
	}
}

// A name that is public when somebody looks and private when it is dialled.
func TestANameThatChangesItsAddress(t *testing.T) {
	t.Parallel()
	s, came, o := asked(t, false, hello)
	o.Resolver = resolver(t, netip.MustParseAddr("93.184.216.34"), netip.MustParseAddr("127.0.0.1"))
	first, err := o.Resolver.LookupNetIP(t.Context(), "ip4", "rebind.example")
	if err != nil || len(first) != 1 || first[0].String() != "93.184.216.34" {
		t.Fatalf("the name is first %v, %v", first, err)
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := get(t, o, "http://rebind.example:"+u.Port()); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("dialled: %v, want 127.0.0.1 refused", err)
	}
	if came.Load() != 0 {
		t.Error("the server on loopback was reached")
	}
	o.Allow = loopback // the name does lead there
	if body, err := get(t, o, "http://rebind.example:"+u.Port()); err != nil || string(body) != "hello" {
		t.Errorf("allowed: %q, %v", body, err)
	}
}

// resolver answers each question for an IPv4 address with the next of answers,
// the last one from then on.
func resolver(t *testing.T, answers ...netip.Addr) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0") //nolint:noctx // a test on loopback
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() }) //nolint:errcheck // a test's socket
	go func() {
		buf := make([]byte, 512)
		for {
			n, from, rerr := conn.ReadFrom(buf)
			if rerr != nil {
				return
			}
			q := buf[:n]
			end := 12 // of the first question: its labels, type and class
			for q[end] != 0 {
				end += int(q[end]) + 1
			}
			end += 5
			reply := append([]byte{q[0], q[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, q[12:end]...)
			if binary.BigEndian.Uint16(q[end-4:]) == 1 { // A
				reply[7] = 1
				ip := answers[0].As4()
				if len(answers) > 1 {
					answers = answers[1:]
				}
				reply = append(append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4), ip[:]...)
			}
			if _, werr := conn.WriteTo(reply, from); werr != nil {
				return
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func TestRedirectsStayOnTheHost(t *testing.T) {
	t.Parallel()
	other, reached, _ := asked(t, false, hello)
	for to, refused := range map[string]string{
		"http://169.254.169.254/latest/meta-data/": "169.254.169.254",
		other.URL:                  other.Listener.Addr().String(),
		"https://evil.example/":    "evil.example",
		"file:///etc/passwd":       "file:",
		"gopher://127.0.0.1:6379/": "gopher:",
		"/round":                   "sends on 4 times",
	} {
		s, _, o := asked(t, false, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		})
		o.Allow = loopback
		if _, err := get(t, o, s.URL); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), refused) {
			t.Errorf("sent on to %s: %v, want it refused", to, err)
		}
	}
	if reached.Load() != 0 {
		t.Error("another host was reached by a redirect")
	}
	s, _, o := asked(t, false, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/there", http.StatusFound)
			return
		}
		hello(w, r)
	})
	o.Allow = loopback
	if body, err := get(t, o, s.URL); err != nil || string(body) != "hello" {
		t.Errorf("sent on to the same host: %q, %v", body, err)
	}
}

func TestAnswersEndAtASize(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 64 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   error
	}{
		{"just as long", func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 1<<20)) }, nil},           //nolint:errcheck // cut off
		{"one byte more", func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 1<<20+1)) }, ErrTooLong}, //nolint:errcheck // cut off
		{"64 KiB that unpack to 64 MiB", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb.Bytes()) //nolint:errcheck // cut off
		}, ErrTooLong},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, _, o := asked(t, false, tt.answer)
			o.Allow = loopback
			body, err := get(t, o, s.URL)
			if !errors.Is(err, tt.want) || len(body) > 1<<20 {
				t.Errorf("%d bytes, %v; want %v", len(body), err, tt.want)
			}
		})
	}
	t.Run("header", func(t *testing.T) {
		t.Parallel()
		s, _, o := asked(t, false, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) })
		o.Allow = loopback
		if _, err := get(t, o, s.URL); err == nil {
			t.Error("a header of 1 MiB was read")
		}
	})
}

func TestAnAnswerThatNeverEndsIsGivenUp(t *testing.T) {
	t.Parallel()
	s, _, o := asked(t, false, func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.WriteString(w, "so far"); err == nil {
			http.NewResponseController(w).Flush() //nolint:errcheck // the client gives up
		}
		<-r.Context().Done()
	})
	o.Allow, o.Timeout = loopback, 50*time.Millisecond
	if _, err := get(t, o, s.URL); err == nil {
		t.Error("it was waited for")
	}
}

func TestTheEnvironmentsProxyIsNotAsked(t *testing.T) {
	proxy, came, _ := asked(t, false, hello)
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	_, err := get(t, Options{Timeout: time.Minute, MaxBody: 1, Allow: loopback}, "http://10.0.0.1/")
	if !errors.Is(err, ErrRefused) || came.Load() != 0 {
		t.Errorf("%v, %d questions to the proxy", err, came.Load())
	}
}

func TestErrorsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	_, err := get(t, Options{Timeout: time.Minute}, "http://me:pass-word@127.0.0.1:1/path?token=s3cret#frag-ment")
	text := Told(err).Error()
	for _, secret := range []string{"s3cret", "pass-word", "frag-ment"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q tells %q", text, secret)
		}
	}
	if !strings.Contains(text, "127.0.0.1:1/path") || !errors.Is(Told(err), ErrRefused) {
		t.Errorf("%q says not what was asked", text)
	}
	if long := Told(errors.New(strings.Repeat("\n\xffx", 10_000))).Error(); len(long) > 2*maxTold || strings.Contains(long, "\n") || !utf8.ValidString(long) {
		t.Errorf("an answer of 30 kB is told in %d bytes", len(long))
	}
	if Told(nil) != nil {
		t.Error("no error is told")
	}
}

func TestParseNetworks(t *testing.T) {
	t.Parallel()
	got, err := ParseNetworks([]string{"10.1.2.3", " 10.1.0.9/16", "fd12::1"})
	if err != nil || len(got) != 3 || got[0].String() != "10.1.2.3/32" || got[1].String() != "10.1.0.0/16" || got[2].String() != "fd12::1/128" {
		t.Errorf("%v, %v", got, err)
	}
	for _, text := range []string{"", "10", "example.com", "0.0.0.0/0", "::/0", "10.0.0.0/33", "fe80::1%eth0"} {
		if got, err := ParseNetworks([]string{text}); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func FuzzParseNetworks(f *testing.F) {
	for _, text := range []string{"10.1.2.3", "10.1.0.0/16", "fd12::/8", "", "::ffff:1.2.3.4/120", "fe80::1%x/3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseNetworks([]string{text})
		if err != nil {
			return
		}
		if again, err := ParseNetworks([]string{got[0].String()}); err != nil || again[0] != got[0] {
			t.Errorf("%q is %v, which reads as %v, %v", text, got, again, err)
		}
		if (guard{got}).secure("", "169.254.169.254:80", nil) == nil {
			t.Errorf("%q opens the way to the metadata", text)
		}
	})
}
