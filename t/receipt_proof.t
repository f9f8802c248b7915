# A receipt is complete a moment after its decision: it carries the proof that
# its entry is in the signed log, which holds without asking anybody, stays good
# when the log grows, and also when the record has been erased.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

use Digest::SHA qw(sha256);
use Encode ();
use MIME::Base64 qw(decode_base64);

my $t = Consent::Test->new;

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

# The root that a proof (RFC 9162, 2.1.3.2) leads to from an entry, and the one
# in its checkpoint.
sub roots {
    my ($entry, $proof) = @_;

    my ($head, $checkpoint) = split /\n\n/, $proof, 2;
    my ($version, $index, @path) = split /\n/, $head;
    my ($origin, $size, $root) = split /\n/, $checkpoint;

    is($version, 'c2sp.org/tlog-proof@v1', 'a proof');
    ($index) = $index =~ /^index (\d+)$/ or die $proof;

    my ($fn, $sn, $r) = ($index, $size - 1, sha256("\0$entry"));

    for my $p (map { decode_base64($_) } @path) {
        if ($fn & 1 || $fn == $sn) {
            $r = sha256("\1$p$r");
            ($fn, $sn) = ($fn >> 1, $sn >> 1) while !($fn & 1) && $fn;
        } else {
            $r = sha256("\1$r$p");
        }
        ($fn, $sn) = ($fn >> 1, $sn >> 1);
    }

    return (unpack('H*', $r), unpack('H*', decode_base64($root)), $size, $checkpoint);
}

sub receipt_of {
    my ($c, $id) = @_;

    my $r;
    $t->wait_for(sub {
        ($r = $c->json('GET', "/.privacy/api/v1/receipts/$id")->json)->{evidence}{status} eq 'complete';
    }, 20);

    return $r;
}

my $c = Consent::Test::Citizen->new($t);
$c->choose(level => 'forms', scope => 'standing', ai => 'any');

my $id = $c->state->{receipt};
my $receipt = receipt_of($c, $id);
my $evidence = $receipt->{evidence};

is($evidence->{status}, 'complete', 'the receipt is complete');
my $entry = $evidence->{entry};
utf8::encode($entry);

my ($root, $signed, $size, $checkpoint) = roots($entry, $evidence->{proof});
is($root, $signed, 'the path leads to the root that was signed');
cmp_ok($size, '>', $evidence->{index}, 'of a log that holds it');
like($checkpoint, qr{^test\.example/log\n}, 'of this node');
isnt((roots("$entry ", $evidence->{proof}))[0], $signed, 'and from no other entry');

my $r = $c->json('GET', "/.privacy/api/v1/receipts/$id/proof");
is($r->status, 200, 'the proof by itself');
like($r->header('Content-Type'), qr{^text/plain}, 'is text');
is($r->body, Encode::encode('UTF-8', $evidence->{proof}), 'the same');

my $page = $c->get("/.privacy/receipt/$id?lang=sv");
like($page->body, qr{/proof" download="receipt-[0-9a-f]{8}\.tlog-proof"}, 'the page leads to it');
unlike($page->text, qr/om ett ögonblick/, 'and says nothing of a moment');

# every kind of decision

$c->choose(level => 'needed', scope => 'standing', ai => 'any');
my $refused = $c->state->{receipt};
$c->choose(level => 'contact', scope => 'standing', ai => 'any');
$c->json('DELETE', '/.privacy/api/v1/state');
my $withdrawn = $c->state->{receipt};

for ([$refused, 'a refusal'], [$withdrawn, 'a withdrawal']) {
    my $e = receipt_of($c, $_->[0])->{evidence};
    my $bytes = $e->{entry};
    utf8::encode($bytes);
    my @roots = roots($bytes, $e->{proof});
    is($roots[0], $roots[1], "$_->[1] is proved alike");
    cmp_ok($roots[2], '>', $size, 'in the log as it has grown');
}

# erased: what she saved still holds

is($c->json('DELETE', '/.privacy/api/v1/record')->status, 200, 'erased');
is((roots($entry, $evidence->{proof}))[0], $signed, 'the receipt she saved is as good as before');
is($c->json('GET', "/.privacy/api/v1/receipts/$id/proof")->status, 404, 'though nobody gives it out any more');

$t->wait_for(sub { $t->run_ctl('log', 'show', $t->path('store'), '--type', 'erasure') =~ /erasure/ });
$t->quit;

my ($status, $said) = $t->run_ctl('log', 'verify', $t->path('store'), '--key', $t->path('keys/log.pub'));
is($status, 0, 'and the log verifies') or diag($said);

done_testing();
