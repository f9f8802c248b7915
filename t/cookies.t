# One cookie among many is taken out, however a server might read the line; the rest arrives in order and as it was. The
# consent cookie itself is never passed on.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy(sub {
    my ($identity) = grep { $_->{id} eq 'identity' } @{$_[0]{categories}};
    push @{$identity->{carriers}{cookies}}, 'id_*';
});

$t->run(<<'EOT');
    %%CONSENT%%
    large_client_header_buffers 4 64k;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent off; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up);
my $n = 0;

sub v { return $c->value('c' . $n++) }

# The cookie lines that arrived; undef: none.
sub cookies {
    my @lines = $up->last->header('Cookie');
    return @lines ? join "\n", @lines : undef;
}

for (
    ['in the middle', 'a=1; pnr=' . v() . '; b=2', 'a=1; b=2'],
    ['first', 'pnr=' . v() . '; a=1', 'a=1'],
    ['last', 'a=1; pnr=' . v(), 'a=1'],
    ['alone', 'pnr=' . v(), undef],
    ['two', 'pnr=' . v() . '; a=1; epost=' . v(), 'a=1'],
    ['nothing but', 'pnr=' . v() . '; epost=' . v() . '; ort=' . v(), undef],
    ['no space after the semicolon', 'a=1;pnr=' . v() . ';b=2', 'a=1;b=2'],
    ['a semicolon at the end', 'a=1; pnr=' . v() . ';', qr/^a=1;? ?$/],
    ['empty pairs', 'a=1;; pnr=' . v() . ';;b=2', qr/^a=1[; ]+b=2$/],
    ['another case', 'a=1; PNR=' . v() . '; Pnr=' . v(), 'a=1'],
    ['the same twice', 'pnr=' . v() . '; a=1; pnr=' . v(), 'a=1'],
    ['a space before =', 'a=1; pnr =' . v() . '; b=2', 'a=1; b=2'],
    ['a tab before =', "a=1; pnr\t=" . v() . '; b=2', 'a=1; b=2'],
    ['spaces before', 'a=1;   pnr=' . v(), 'a=1'],
    ['a tab before', "a=1;\tpnr=" . v(), 'a=1'],
    ['quoted', 'a=1; pnr="' . v() . '"; b=2', 'a=1; b=2'],
    ['a quoted semicolon', 'a=1; pnr="x; ' . v() . '"; b=2', 'a=1; b=2'],
    ['in the quotes of another', 'a="1; pnr=' . v() . '"; b=2', qr/b=2$/],
    ['a quoted name', 'a=1; "pnr"=' . v() . '; b=2', 'a=1; b=2'],
    ['behind a comma', 'a=1, pnr=' . v() . '; b=2', qr/b=2$/],
    ['a comma in the value', 'a=1; pnr=x,' . v() . '; b=2', qr/^a=1;.*b=2$/],
    ['percent', 'a=1; %70nr=' . v() . '; b=2', 'a=1; b=2'],
    ['percent twice', 'a=1; %2570%256E%2572=' . v() . '; b=2', 'a=1; b=2'],
    ['brackets, as PHP reads them', 'a=1; pnr[x]=' . v() . '; b=2', 'a=1; b=2'],
    ['with what RFC 2109 adds', '$Version=1; pnr=' . v() . '; $Path="/"; a=1', qr/a=1/],
    ['several =', 'a=1=2==; pnr==' . v() . '=; b==', 'a=1=2==; b=='],
    ['any rest', 'a=1; id_x=' . v() . '; ID_=' . v() . '; id=3', 'a=1; id=3'],
    ['names like it', 'pn=1; pnr2=2; xpnr=3; pnr-x=4; JSESSIONID=5', 'pn=1; pnr2=2; xpnr=3; pnr-x=4; JSESSIONID=5'],
    ['other bytes', "a=\xc3\xa5\xff; pnr=" . v() . '; b=!#$&\'()*+-./:<>?@[]^_`{|}~', "a=\xc3\xa5\xff; b=!#\$&'()*+-./:<>?\@[]^_`{|}~"],
    ['spaces of the others', 'a=1 ;  b = 2; pnr=' . v() . ';  c=3  d', 'a=1 ;  b = 2;  c=3  d'],
    ['ours', 'a=1; consent=abc.def.ghi; b=2', 'a=1; b=2'],
    ['ours twice', 'consent=abc; consent=def; b=2', 'b=2'],
    ['ours alone', 'consent=abc', undef],
    ['names like ours', 'consent2=1; xconsent=2; consents=3', 'consent2=1; xconsent=2; consents=3'],
    ['nothing to do', 'JSESSIONID=abc; lang=sv', 'JSESSIONID=abc; lang=sv'])
{
    my ($what, $sent, $expected) = @$_;
    my $r = $t->get('/', cookie => $sent);

    if (ref $expected) {
        like(cookies() // '', $expected, $what);
    } else {
        is(cookies(), $expected, $what);
    }

    fail("$what: status " . $r->status) if $r->status != 200;
    is_deeply([$c->found($up->last->raw)], [], 'and no value');
    $up->clear;
}

# several lines

$t->get('/', cookie => ['a=1; pnr=' . v(), 'pnr=' . v(), 'b=2', 'PNR=' . v() . '; c=3', 'consent=x']);
is(cookies(), "a=1\nb=2\nc=3", 'several lines: what is left of each, and no line of nothing');

$t->get('/', cookie => [map { 'pnr=' . v() } 1 .. 25]);
is(cookies(), undef, 'many lines of nothing else');

$t->get('/', port => 2, version => 2, cookie => ['a=1', 'pnr=' . v(), 'b=2', 'consent=x', 'c=3']);
is(join('; ', map { join '=', @$_ } @{$up->last->cookies}), 'a=1; b=2; c=3', 'crumbs of HTTP/2');

# large

my $before = join '; ', map { "before$_=" . 'x' x 40 } 1 .. 75;
my $after = join '; ', map { "after$_=" . 'y' x 40 } 1 .. 75;
$t->get('/', cookie => "$before; pnr=" . v() . "; $after");
is(cookies(), "$before; $after", length("$before; $after") . ' bytes');

$t->get('/', cookie => 'a=1; pnr=' . 'x' x 8000 . v() . '; b=2');
is(cookies(), 'a=1; b=2', 'a value of 8000 bytes');

$t->get('/', cookie => 'pnr=' . v() . ';' x 30_000 . 'a=1');
like(cookies(), qr/^[; ]*a=1$/, '30,000 semicolons');

$t->get('/', cookie => join('; ', map { ('pnr=' . v(), "a$_=1") } 1 .. 500));
is(cookies(), join('; ', map { "a$_=1" } 1 .. 500), 'five hundred between five hundred');

is_deeply([$c->leaks], [], 'no value went anywhere, nor into a log');

# what is granted

my $cookie = $t->decide(level => 'forms');
$t->get('/', cookie => "a=1;PNR=\"1; 2\";ort=" . v() . "; pnr =19121212-1212; $cookie; epost=a\@b.example");
is(cookies(), 'a=1;PNR="1; 2"; pnr =19121212-1212; epost=a@b.example', 'what she shares arrives as it was sent, without ours');
is_deeply([$c->leaks], [], 'and what she does not share stays here');

$t->get('/off/', cookie => 'pnr=' . $c->value('off') . "; $cookie");
like(cookies(), qr/^pnr=/, 'off: nothing is taken out');

done_testing;
