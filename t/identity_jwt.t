# Who is logged in, by an identity provider's token in a cookie or a header: only a
# good one counts, and it names a person, not a device.

use lib 't/lib';
use Consent::Test;

use Digest::SHA qw(hmac_sha256);
use JSON::PP;
use MIME::Base64 qw(encode_base64url);

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;

my $key = 'k' x 32;

$t->write('idp.key', "$key\n");
system "openssl genrsa -out " . $t->path('rsa.pem') . " 2048 2>/dev/null";
system "openssl rsa -in " . $t->path('rsa.pem') . " -pubout -out " . $t->path('rsa.pub') . " 2>/dev/null";
system "openssl ecparam -name prime256v1 -genkey -noout -out " . $t->path('ec.pem');
system "openssl ec -in " . $t->path('ec.pem') . " -pubout -out " . $t->path('ec.pub') . " 2>/dev/null";
chmod 0600, $t->path('idp.key');

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        large_client_header_buffers 4 32k;
        consent on;
        consent_require forms;

        location / {
            consent_identity cookie=idp key=%%DIR%%/idp.key alg=HS256 issuer=https://idp.example audience=portal;
            add_header X-Subject "$consent_subject" always;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /header/ {
            consent_identity header=Authorization key=%%DIR%%/idp.key alg=HS256 issuer=https://idp.example audience=portal;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /rsa/ {
            consent_identity header=X-Token key=%%DIR%%/rsa.pub alg=RS256 issuer=https://idp.example claim=pid;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /ec/ {
            consent_identity header=X-Token key=%%DIR%%/ec.pub alg=ES256 issuer=https://idp.example;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ {
            consent_identity cookie=idp key=%%DIR%%/idp.key alg=HS256 issuer=https://idp.example audience=portal;
            consent_require needed;
            consent_pages;
        }
    }
EOF

my %good = (iss => 'https://idp.example', aud => 'portal', sub => 'anna', exp => time + 600, nbf => time - 10);

sub token {
    my (%o) = @_;

    my $sign = delete $o{sign};
    my $head = delete $o{head} // { alg => 'HS256', typ => 'JWT' };
    my %claims = (%good, %o);
    delete $claims{$_} for grep { !defined $claims{$_} } keys %claims;

    my $text = join '.', map { encode_base64url(JSON::PP->new->utf8->encode($_)) } $head, \%claims;

    return $text . '.' . encode_base64url($sign ? $sign->($text) : hmac_sha256($text, $key));
}

sub openssl {
    my ($pem, $text) = @_;

    $t->write('signed', $text);
    my $der = qx{openssl dgst -sha256 -sign @{[$t->path($pem)]} @{[$t->path('signed')]}};
    die "openssl did not sign\n" if $? || !length $der;
    return $der if $pem eq 'rsa.pem';

    # ES256 wants the two numbers, 32 bytes each, not their DER: each with its length in front, and a zero before a high bit
    my ($sequence, $numbers) = unpack 'a C/a', $der;
    my @numbers = unpack '(a C/a)2', $numbers;
    die "no DER\n" if $sequence ne "\x30" || $numbers[0] ne "\x02" || $numbers[2] ne "\x02";
    return join '', map { substr(("\0" x 32) . $_, -32) } @numbers[1, 3];
}

sub status { return $t->get(@_, headers => ['Accept', 'application/json'])->status }

is(status('/'), 403, 'nobody is logged in');

# she decides as herself

my $anna = 'idp=' . token();
$t->decide(level => 'forms', cookie => $anna);

is(status('/', cookie => $anna), 200, 'her token opens');
is(status('/', cookie => 'idp=' . token(exp => time + 900)), 200, 'so does another one of hers');
is(status('/', cookie => 'idp=' . token(sub => 'bertil')), 403, 'another person\'s does not');
is(status('/', cookie => 'idp=' . token(aud => ['x', 'portal'])), 200, 'an audience among several');

my $subject = $t->get('/', cookie => $anna)->header('X-Subject');
like($subject, qr/^[0-9a-f]{32}$/, 'she has a pseudonym');
unlike($t->read('store/data.mdb'), qr/anna/, 'and no name in the store');

for my $row (
    [exp => time - 120, 'expired'],
    [exp => undef, 'without an end'],
    [nbf => time + 600, 'not yet'],
    [iss => 'https://evil.example', 'another issuer'],
    [iss => undef, 'no issuer'],
    [aud => 'another', 'another audience'],
    [aud => undef, 'no audience'],
    [sub => undef, 'no name'],
    [sub => '', 'an empty name'],
    [sub => ['anna'], 'a list of names'],
    [head => { alg => 'none' }, 'algorithm none'],
    [head => { alg => 'HS512' }, 'another algorithm'],
    [head => { alg => 'RS256' }, 'an algorithm of another kind'],
    [sign => sub { hmac_sha256($_[0], 'x' x 32) }, 'another key'],
    [sign => sub { '' }, 'no signature'],
) {
    my ($what, $value, $name) = @$row;
    is(status('/', cookie => 'idp=' . token($what => $value)), 403, $name);
}

is(status('/', cookie => 'idp=' . substr(token(), 0, -4)), 403, 'cut off');
is(status('/', cookie => 'idp=x'), 403, 'no token at all');
is(status('/', cookie => "$anna; idp=" . token(sub => 'bertil')), 403, 'two tokens are none');
is(status('/', cookie => ["$anna", 'idp=' . token(sub => 'bertil')]), 403, 'in two lines as well');
is(status('/', cookie => 'idp=' . token(pad => 'x' x 3000)), 200, 'a long one');
is(status('/', cookie => 'idp=' . token(pad => 'x' x 8000)), 403, 'one that is too long');

# header

sub by_header { return $t->get('/header/', headers => ['Accept', 'application/json', @_])->status }

is(by_header('Authorization', 'Bearer ' . token()), 200, 'in a header');
is(by_header('Authorization', 'bearer ' . token()), 200, 'whatever the case of its scheme');
is(by_header('Authorization', token()), 200, 'or without');
is(by_header('Authorization', 'Basic ' . token()), 403, 'another scheme');
is(by_header('Cookie', $anna), 403, 'not in a cookie where a header is asked for');

# a token of another kind: RS256, ES256, and the old trick to sign with a public key

my $rs = { alg => 'RS256' };
my $es = { alg => 'ES256' };

sub by_token { return $t->get($_[0], headers => ['Accept', 'application/json', 'X-Token', $_[1]])->status }

is(by_token('/rsa/', token(head => $rs, pid => 'anna', sign => sub { openssl('rsa.pem', $_[0]) })), 200,
    'RS256, with a claim of another name');
is(by_token('/rsa/', token(head => $rs, sign => sub { openssl('rsa.pem', $_[0]) })), 403, 'which has to be there');
is(by_token('/rsa/', token(pid => 'anna', sign => sub { hmac_sha256($_[0], $t->read('rsa.pub')) })), 403,
    'a public key is no secret');

# some of whose numbers are shorter than others

for my $i (1 .. 8) {
    is(by_token('/ec/', token(head => $es, jti => "$i", sign => sub { openssl('ec.pem', $_[0]) })), 200, "ES256, $i");
}

is(by_token('/ec/', token()), 403, 'and nothing else there');

my $rsa = token(head => $rs, pid => 'anna', sign => sub { openssl('rsa.pem', $_[0]) });
is($t->get('/rsa/', headers => ['Accept', 'application/json', 'X-Token', $rsa, 'X-Token', $rsa])->status, 403,
    'twice is none');

unlike($t->error_log, qr/anna|bertil/, 'no name is in the log');

done_testing();
