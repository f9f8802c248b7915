# Tokens of an identity provider made with OpenSSL: RS256 and ES256 with the right key name a person; nothing that is edited,
# re-signed, swapped, ambiguous, out of its time, or asks for more than is understood does.

use lib 't/lib';
use Consent::Test;

use Digest::SHA qw(hmac_sha256 hmac_sha512);
use JSON::PP;
use MIME::Base64 qw(decode_base64url encode_base64url);

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

sub openssl { return system("cd @{[$t->dir]} && { openssl $_[0]; } >/dev/null 2>&1") == 0 }

for my $name ('idp', 'evil') {
    ok(openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out $name-rs.pem"
        . " && openssl pkey -in $name-rs.pem -pubout -out $name-rs.pub"
        . " && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $name-es.pem"
        . " && openssl pkey -in $name-es.pem -pubout -out $name-es.pub"), "keys of $name");
}

my %key = (RS256 => 'rs', ES256 => 'es');

$t->run(<<'EOT');
    %%CONSENT%%
    large_client_header_buffers 4 32k;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location /RS256/ {
            consent_identity cookie=token key=%%DIR%%/idp-rs.pub alg=RS256 issuer=https://idp.example audience=portal;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
        location /ES256/ {
            consent_identity cookie=token key=%%DIR%%/idp-es.pub alg=ES256 issuer=https://idp.example audience=portal;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
        location /privacy/ {
            consent_identity cookie=token key=%%DIR%%/idp-rs.pub alg=RS256 issuer=https://idp.example audience=portal;
            consent_pages;
        }
    }
EOT

# The signature of a text, as the algorithm wants it.
sub signed {
    my ($alg, $text, $who) = @_;

    $t->write('text', $text);
    openssl("dgst -sha256 -sign $who-$key{$alg}.pem -out signature text") or die "openssl does not sign\n";
    my $mac = $t->read('signature');
    return $mac if $alg eq 'RS256';

    # DER: a sequence of two integers, each with a zero before it where its first bit is set, and without other zeros
    my ($r, $s) = unpack 'x2 xC/a xC/a', $mac;
    return join '', map { substr(("\0" x 32) . $_, -32) } $r, $s;
}

my $now = time;
my %good = (iss => 'https://idp.example', aud => 'portal', sub => 'anna', exp => $now + 600, iat => $now);

# header and claims as JSON text, so that they can say anything
sub compact {
    my ($alg, $head, $claims, $mac) = @_;

    my $text = join '.', map { encode_base64url(ref $_ ? JSON::PP->new->utf8->canonical->encode($_) : $_) } $head, $claims;
    return "$text." . encode_base64url($mac ? $mac->($text) : signed($alg, $text, 'idp'));
}

sub level {
    my ($alg, $cookie) = @_;

    $up->clear;
    my $r = $t->get("/$alg/", cookie => $cookie);
    return $r->status == 200 ? $up->last->header('Consent-Level') : $r->status;
}

my $hers = compact('RS256', { alg => 'RS256', typ => 'JWT' }, \%good);
$t->decide(level => 'forms', base => '/privacy/', cookie => "token=$hers");

for my $alg ('RS256', 'ES256') {
    my $head = { alg => $alg, typ => 'JWT' };
    my $other = $alg eq 'RS256' ? 'ES256' : 'RS256';
    my $pub = $t->read("idp-$key{$alg}.pub");
    my $good = compact($alg, $head, \%good);
    my @part = split /\./, $good;

    is(level($alg, "token=$good"), 'forms', "$alg: her token names her");
    is(level($alg, 'token=' . compact($alg, $head, { %good, aud => ['a', 'portal'] })), 'forms', 'an audience of several');
    is(level($alg, "a=1; token=$good; b=2"), 'forms', 'among others');

    for (
        ['no token', ''],
        ['claims edited', "$part[0]." . encode_base64url(JSON::PP->new->encode({ %good, exp => $now + 9999 })) . ".$part[2]"],
        ['header edited', encode_base64url('{"typ":"JWT","alg":"' . $alg . '"}') . ".$part[1].$part[2]"],
        ['cut off', substr $good, 0, -8],
        ['a byte more', "${good}AAAA"],
        ['no signature', "$part[0].$part[1]."],
        ['the signature of another token', "$part[0]." . (split /\./, compact($alg, $head, { %good, sub => 'x' }))[1] . ".$part[2]"],
        ['another key', compact($alg, $head, \%good, sub { signed($alg, $_[0], 'evil') })],
        ['another key, named in the token', compact($alg, { %$head, kid => '../evil-rs.pub', jku => 'http://evil.example/',
            x5u => 'http://evil.example/', jwk => { kty => 'oct', k => 'AAAA' } }, \%good, sub { signed($alg, $_[0], 'evil') })],
        ['none', compact($alg, { alg => 'none' }, \%good, sub { '' })],
        ['None', compact($alg, { alg => 'None' }, \%good, sub { '' })],
        ['HS256 with the public key', compact($alg, { alg => 'HS256' }, \%good, sub { hmac_sha256($_[0], $pub) })],
        ['HS256 called ' . $alg, compact($alg, $head, \%good, sub { hmac_sha256($_[0], $pub) })],
        ["signed with $other, called so", compact($alg, { alg => $other }, \%good, sub { signed($other, $_[0], 'idp') })],
        ["signed with $other, not called so", compact($alg, $head, \%good, sub { signed($other, $_[0], 'idp') })],
        ['a signature of zeros', compact($alg, $head, \%good, sub { "\0" x ($alg eq 'ES256' ? 64 : 256) })],
        ['another hash', compact($alg, { alg => $alg =~ s/256/512/r }, \%good)],
        ['what must be understood and is not', compact($alg, { %$head, crit => ['exp'] }, \%good)],
        ['a body that is not encoded', compact($alg, { %$head, b64 => JSON::PP::false, crit => ['b64'] }, \%good)],
        (map { ["$_->[0] $_->[1]", compact($alg, $head, { %good, $_->[0] => $_->[1] })] }
            ['exp', $now - 120], ['exp', 0], ['exp', -1], ['nbf', $now + 600], ['iss', 'https://idp.example/'],
            ['iss', 'https://idp.example.evil'], ['iss', 'HTTPS://IDP.EXAMPLE'], ['iss', ''], ['aud', 'portal2'], ['aud', []],
            ['aud', ['x']], ['sub', '']),
        (map { my $missing = $_; my %c = %good; delete $c{$_}; ["without $_", compact($alg, $head, \%c)] } 'exp', 'iss', 'aud', 'sub'),
        ['an end that is a word', compact($alg, $head, { %good, exp => 'never' })],
        ['an end that is a list', compact($alg, $head, { %good, exp => [$now + 600] })],
        ['a list of issuers', compact($alg, $head, { %good, iss => ['https://idp.example'] })],
        ['a list of names', compact($alg, $head, { %good, sub => ['anna'] })],
        ['claims that are a list', compact($alg, $head, '["anna"]')],
        ['claims that are no JSON', compact($alg, $head, 'sub=anna')],
        ['claims behind claims', compact($alg, $head, JSON::PP->new->encode(\%good) . '{}')],
        ['two names', compact($alg, $head, JSON::PP->new->encode(\%good) =~ s/\}$/,"sub":"bertil"}/r)],
        ['too long', compact($alg, $head, { %good, pad => 'x' x 9000 })],
        ['deep', compact($alg, $head, '{"a":' . '[' x 2500 . ']' x 2500 . '}')],
        ['too many dots', "$good.$part[2]"],
        ['in quotes, and another', "\"$good\"; token=x"])
    {
        my ($what, $token) = @$_;
        is(level($alg, "token=$token"), 'needed', "$alg, $what: nobody");
    }

    for (["token=$good; token=$good"], ["token=$good; token=x"], ["token=x; token=$good"], ["token=$good", "token=$good"]) {
        is(level($alg, [@$_]), 'needed', "$alg, two tokens: nobody");
    }
}

# what was good is not good for ever, though it is remembered; clocks may differ by a minute

my $short = compact('RS256', { alg => 'RS256' }, { %good, exp => time - 60 + 3 });
is(level('RS256', "token=$short"), 'forms', 'a token of three seconds more');
ok($t->wait_for(sub { select undef, undef, undef, 0.2; level('RS256', "token=$short") eq 'needed' }, 5), 'ends');
is(level('RS256', "token=$hers"), 'forms', 'while hers goes on');

unlike($t->error_log, qr/anna|bertil|eyJ/, 'the log has no name and no token');

done_testing;
