# An exported log, read by code that is not ours: Go's own packages for signed
# notes and transparency logs (golang.org/x/mod/sumdb, as Debian packages them)
# accept the checkpoint, every tile, every entry and every proof. Runs where Go
# and the package are.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $mod = '/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog';
my ($go) = grep { -x } map { "$_/go" } split /:/, $ENV{PATH};

if (!$go || !-d $mod) {
    print "1..0 # SKIP golang-go and golang-golang-x-mod-dev are not installed\n";
    exit 0;
}

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->write('reader/main.go', do { local $/; <DATA> });

my $reader = $t->path('reader/reader');
my @env = ('env', 'GO111MODULE=off', 'GOPATH=/usr/share/gocode', 'GOFLAGS=-buildvcs=false', 'GOCACHE=' . $t->path('go-cache'),
    'HOME=' . $t->path(''));
my ($status, $said) = $t->command(@env, $go, 'build', '-o', $reader, $t->path('reader/main.go'));
is($status, 0, 'the reader is built') or diag $said;

$t->run(<<'EOF');
    %%CONSENT%%
    consent_log_interval 50ms;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        location /.privacy/ { consent_pages; }
    }
EOF

# two exports: of a few entries, and of more than a tile

my $c = Consent::Test::Citizen->new($t);
my @levels = qw(forms contact needed);

for my $n (1, 260) {
    $c->choose(level => $levels[$_ % 3], scope => 'standing', ai => 'any') for 1 .. $n;

    my $stat;
    ok($t->wait_for(sub {
        $t->run_ctl('log', 'export', $t->path('store'), $t->path('log'));
        ($stat) = ($t->run_ctl('store', 'stat', $t->path('store')) =~ /^log entries +(\d+)/m);
        return -e $t->path('log/checkpoint') && (split /\n/, $t->read('log/checkpoint'))[1] == $stat;
    }), 'all is published');

    ($status, $said) = $t->command($reader, $t->path('log'), $t->path('keys/log.pub'), $n == 1 ? () : $t->path('old'));
    is($status, 0, 'Go accepts it') or diag $said;
    like($said, qr/^$stat entries hold$/m, 'entry by entry');
    $t->write('old', $t->read('log/checkpoint'));
}

like($said, qr/^\d+ entries were there before$/m, 'and that the later goes on from the earlier');

# and not everything

my ($bundle) = glob $t->path('log/tile/entries/000');
open my $f, '+<:raw', $bundle or die "$bundle: $!\n";
seek $f, 5000, 0;
print $f 'x';
close $f;
($status, $said) = $t->command($reader, $t->path('log'), $t->path('keys/log.pub'));
is($status, 1, 'Go does not accept an entry that was changed') or diag $said;

done_testing;

__DATA__
// Reads a log of plain tlog-tiles files with golang.org/x/mod/sumdb alone.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type tiles struct {
	dir string
}

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(want []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range want {
		// the checksum database's paths name the height as well
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.dir, path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func fail(format string, args ...interface{}) {
	check(fmt.Errorf(format, args...))
}

func checkpoint(path string, verifier note.Verifier) tlog.Tree {
	data, err := os.ReadFile(path)
	check(err)
	n, err := note.Open(data, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("no checkpoint: %q", n.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: root}
}

func main() {
	dir := os.Args[1]
	key, err := os.ReadFile(os.Args[2])
	check(err)
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	check(err)

	tree := checkpoint(filepath.Join(dir, "checkpoint"), verifier)
	reader := tlog.TileHashReader(tree, tiles{dir})
	root, err := tlog.TreeHash(tree.N, reader)
	check(err)
	if root != tree.Hash {
		fail("another root")
	}

	for i := int64(0); i < tree.N; {
		width := tree.N - i
		path := fmt.Sprintf("tile/entries/%03d", i/256)
		if width >= 256 {
			width = 256
		} else {
			path += fmt.Sprintf(".p/%d", width)
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		check(err)
		for ; width > 0; width-- {
			n := int(binary.BigEndian.Uint16(data))
			leaf := tlog.RecordHash(data[2 : 2+n])
			data = data[2+n:]
			stored, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, i)})
			check(err)
			if stored[0] != leaf {
				fail("entry %d is another", i)
			}
			proof, err := tlog.ProveRecord(tree.N, i, reader)
			check(err)
			check(tlog.CheckRecord(proof, tree.N, tree.Hash, i, leaf))
			i++
		}
		if len(data) != 0 {
			fail("%s is longer", path)
		}
	}
	fmt.Printf("%d entries hold\n", tree.N)

	if len(os.Args) > 3 {
		old := checkpoint(os.Args[3], verifier)
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		check(err)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
		fmt.Printf("%d entries were there before\n", old.N)
	}
}
