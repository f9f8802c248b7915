# A consent cookie that is not ours, or not whole, or not alone, is as good as none, and nothing is said about why.

use lib 't/lib';
use Consent::Test;

use Digest::SHA qw(hmac_sha256 hmac_sha384 hmac_sha512);
use JSON::PP;
use MIME::Base64 qw(decode_base64url encode_base64url);

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;
$t->policy(sub { $_[0]{id} = 'another' }, 'another.json');

my $conf = <<'EOT';
    %%CONSENT%%
    large_client_header_buffers 4 32k;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /forms/ { consent_require forms; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }

    server {
        listen 127.0.0.1:%%PORT_2%%;
        consent_policy %%DIR%%/another.json;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

$t->run($conf);

my $given = $t->decide(level => 'forms');
my ($good) = $given =~ /^consent=(.+)$/;
my ($head, $claims, $mac) = split /\./, $good;
my ($h, $c) = map { JSON::PP->new->utf8->decode(decode_base64url($_)) } $head, $claims;
my ($kid, $key) = $t->read('keys/cookie.key') =~ /^(\S+) (\S+)$/m;
$key = decode_base64url($key);

# A token with these changes to its header and claims, signed as it should be unless another function is given.
sub token {
    my ($header, $change, $sign) = @_;

    my %h = (%$h, %{$header // {}});
    my %c = (%$c, %{$change // {}});

    for my $o (\%h, \%c) {
        delete @$o{grep { !defined $o->{$_} } keys %$o};
    }

    my $text = join '.', map { encode_base64url(JSON::PP->new->utf8->canonical->encode($_)) } \%h, \%c;

    return "$text." . encode_base64url($sign ? $sign->($text) : hmac_sha256($text, $key));
}

# Everything that the upstream is told, and what she gets, without what is of the moment or the size of a cookie.
sub outcome {
    my (%o) = @_;

    my $r = $t->get('/forms/', %o, headers => ['Accept', 'application/json']);
    my $refusal = join "\n", $r->head =~ s/^Date: .*\r\n//mr, $r->body =~ s/"code":"\w+"//r;
    $t->get('/', %o);

    return $refusal . "\n" . join "\n", grep { !/^(?:Host|Cookie):/ } split /\r\n/, $up->last->raw;
}

my $none = outcome();
like($none, qr/Consent-Level: needed/, 'without a cookie: the most private level');

is($t->get('/forms/', cookie => $given)->status, 200, 'with hers: what she has chosen');
is($t->get('/forms/', cookie => 'consent=' . token())->status, 200, 'a token signed with our key is as good');

my @wrong = (
    ['empty', ''],
    ['no token', 'x'],
    ['dots', '..'],
    ['one part', $head],
    ['two parts', "$head.$claims"],
    ['no signature', "$head.$claims."],
    ['four parts', "$good.x"],
    ['without its last byte', substr $good, 0, -1],
    ['with a byte more', "${good}A"],
    ['half', substr $good, 0, length($good) / 2],
    ['another first byte', 'f' . substr $good, 1],
    ['another signature', token(undef, undef, sub { 'x' x 32 })],
    ['a signature of nothing', token(undef, undef, sub { '' })],
    ['a signature cut off', token(undef, undef, sub { substr hmac_sha256($_[0], $key), 0, 16 })],
    ['another key', token(undef, undef, sub { hmac_sha256($_[0], 'k' x 32) })],
    ['an empty key', token(undef, undef, sub { hmac_sha256($_[0], '') })],
    ['the key as it is written', token(undef, undef, sub { hmac_sha256($_[0], encode_base64url($key)) })],
    ['signed claims, edited behind the signature', do {
        my @p = split /\./, token(undef, { exp => $c->{exp} + 1 });
        "$p[0].$p[1].$mac";
    }],
    (map { my $alg = $_;
        (["algorithm $alg", token({ alg => $alg })],
            ["algorithm $alg, unsigned", token({ alg => $alg }, undef, sub { '' })]) } 'none', 'None', 'NONE', 'nOnE', ''),
    ['HS384', token({ alg => 'HS384' }, undef, sub { hmac_sha384($_[0], $key) })],
    ['HS512', token({ alg => 'HS512' }, undef, sub { hmac_sha512($_[0], $key) })],
    ['RS256, with our key', token({ alg => 'RS256' })],
    ['no algorithm', token({ alg => undef })],
    ['an algorithm that is no word', token({ alg => ['HS256'] })],
    ['another key id', token({ kid => '00000000' })],
    ['a path as key id', token({ kid => '../../../../dev/null' }, undef, sub { hmac_sha256($_[0], '') })],
    ['a URL as key id', token({ kid => 'http://127.0.0.1:' . $t->port(1) . '/key' }, undef, sub { hmac_sha256($_[0], 'ok') })],
    ['a key in the token', token({ jwk => { kty => 'oct', k => encode_base64url('k' x 32) } }, undef,
        sub { hmac_sha256($_[0], 'k' x 32) })],
    ['expired', token(undef, { exp => time - 1 })],
    ['expired long ago', token(undef, { exp => 1 })],
    ['no end', token(undef, { exp => undef })],
    ['an end that is no number', token(undef, { exp => "$c->{exp}x" })],
    ['another portal\'s', token(undef, { aud => 'another' })],
    ['nobody\'s', token(undef, { aud => undef })],
    ['no data', token(undef, { d => undef })],
    ['data cut off', token(undef, { d => substr $c->{d}, 0, -8 })],
    ['data of another layout', token(undef, { d => 'B' . substr $c->{d}, 1 })],
    ['more than data', token(undef, { d => "$c->{d}AAAA" })],
    ['data that is no base64', token(undef, { d => "!$c->{d}" })],
    ['too long', token(undef, { pad => 'x' x 1024 })],
    ['30,000 bytes', 'x' x 30_000],
    ['20,000 dots', '.' x 20_000],
    ['percent', $good =~ s/\./%2e/gr]);

for (@wrong) {
    my ($what, $value) = @$_;
    is(outcome(cookie => "consent=$value"), $none, $what);
}

# two cookies are none, whichever is the good one

for (['twice the same', "$given; $given"], ['and a forged one', "$given; consent=x"], ['behind a forged one', "consent=x; $given"],
    ['and an empty one', "$given; consent="], ['two lines', [$given, 'consent=x']], ['two lines, the other way', ['consent=x', $given]],
    ['hers and another\'s', $given . '; ' . $t->decide(level => 'fitted')])
{
    is(outcome(cookie => $_->[1]), $none, "two cookies: $_->[0]");
}

# another portal on this nginx, with the same keys

my $other = $t->decide(level => 'forms', port => 2);
is(outcome(cookie => $other), $none, 'the cookie of another portal');
$t->get('/', port => 2, cookie => $other);
is($up->last->header('Consent-Level'), 'forms', 'which is good there');
$t->get('/', port => 2, cookie => $given);
is($up->last->header('Consent-Level'), 'needed', 'where hers is not');

# replayed

my $before = $t->decide(level => 'forms');
my $after = $t->decide(level => 'contact', cookie => $before);
$t->get('/', cookie => $before);
is($up->last->header('Consent-Level'), 'contact', 'an earlier cookie of hers brings nothing back');

my $r = $t->request('DELETE', '/.privacy/api/v1/state', cookie => $after, headers => ['Sec-Fetch-Site', 'same-origin']);
is($r->status, 200, 'she withdraws');

for ($before, $after) {
    $t->get('/', cookie => $_);
    is($up->last->header('Consent-Level'), 'needed', 'and none of them opens anything');
}

# with another key in front, cookies of the old one stay good; without it they do not

my $old = $t->read('keys/cookie.key');
$t->keys(dir => 'new');
$t->write('keys/cookie.key', $t->read('new/cookie.key') . $old);
$t->reload($conf, drain => 1);
is($t->get('/forms/', cookie => $given)->status, 200, 'the old cookie is good');
isnt($t->decide(level => 'forms') =~ s/\..*//sr, $given =~ s/\..*//sr, 'a new one is signed with the new key');

$t->write('keys/cookie.key', $t->read('new/cookie.key'));
$t->reload($conf, drain => 1);
is($t->get('/forms/', cookie => $given)->status, 403, 'the old key taken away, it is not');

is_deeply([grep { /cookie|token|signature|expired|JWT/i } split /\n/, $t->error_log], [], 'the log says nothing of any of them');

done_testing;
