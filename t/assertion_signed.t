# The statement to the upstream can be checked by anybody with the public key, with OpenSSL alone: RS256, ES256, HS256. It
# says what the documents say, for as long as they say, and nothing about who she is.

use lib 't/lib';
use Consent::Test;

use Digest::SHA qw(hmac_sha256);
use JSON::PP;
use MIME::Base64 qw(decode_base64url);

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

sub openssl { return system("cd @{[$t->dir]} && { openssl $_[0]; } >/dev/null 2>&1") == 0 }

ok(openssl('genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem && openssl pkey -in rsa.pem -pubout -out rsa.pub'
    . ' && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem'
    . ' && openssl pkey -in ec.pem -pubout -out ec.pub'), 'keys');
$t->write('secret.key', 's' x 40);
chmod 0600, map { $t->path($_) } 'rsa.pem', 'ec.pem', 'secret.key';

$t->run(<<'EOT');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        add_header X-Subject $consent_subject;
        location /rs/ { consent_assertion key=%%DIR%%/rsa.pem alg=RS256 audience=a ttl=1h; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /es/ { consent_assertion key=%%DIR%%/ec.pem alg=ES256 ttl=2s; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /hs/ { consent_assertion key=%%DIR%%/secret.key alg=HS256; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /none/ { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $json = JSON::PP->new->utf8->canonical;

# Whether the signature of a token holds, by OpenSSL or by our own HMAC.
sub holds {
    my ($token, $alg) = @_;

    my ($text, $mac) = $token =~ /^([\w-]+\.[\w-]+)\.([\w-]+)$/ or return 0;
    $mac = decode_base64url($mac);

    return $mac eq hmac_sha256($text, 's' x 40) if $alg eq 'HS256';

    if ($alg eq 'ES256') {
        length $mac == 64 or return 0;
        my $der = join '', map {
            my $number = s/^\0+(?=.)//sr;
            $number = "\0$number" if ord($number) > 127;
            "\x02" . chr(length $number) . $number;
        } substr($mac, 0, 32), substr($mac, 32);
        $mac = "\x30" . chr(length $der) . $der;
    }

    $t->write('text', $text);
    $t->write('signature', $mac);

    return openssl('dgst -sha256 -verify ' . ($alg eq 'RS256' ? 'rsa.pub' : 'ec.pub') . ' -signature signature text');
}

sub statement {
    my ($path, %o) = @_;

    $t->get($path, %o);
    my @lines = $up->last->header('Consent-Assertion');
    return @lines == 1 ? $lines[0] : 'not one';
}

sub claims { return $json->decode(decode_base64url((split /\./, $_[0])[1])) }

my $cookie = $t->decide(level => 'forms');
my $subject = $t->get('/none/', cookie => $cookie)->header('X-Subject');
like($subject, qr/^[0-9a-f]{32}$/, 'she has a pseudonym');
my ($hash) = $t->run_ctl('log', 'show', $t->path('store'), '--json') =~ /"policy_hash":"(\w+)"/;

for (['RS256', '/rs/', 3600], ['ES256', '/es/', 2], ['HS256', '/hs/', 60]) {
    my ($alg, $path, $ttl) = @$_;

    for (['', 'needed', 'none', []], [$cookie, 'forms', 'given', ['contact', 'identity']]) {
        my ($with, $level, $status, $categories) = @$_;
        my $before = time;
        my $token = statement($path, cookie => $with, headers => ['Consent-Assertion', 'forged', 'consent-assertion', 'x.y.z']);

        ok(holds($token, $alg), "$alg: the signature holds");
        my ($head, $text, $mac) = split /\./, $token;
        my $other = $text =~ tr/A-Za-z/B-ZAb-za/r;
        ok(!holds("$head.$other.$mac", $alg), 'and would not with other claims');

        is($json->decode(decode_base64url($head))->{alg}, $alg, 'the header says how');
        my $c = claims($token);
        is_deeply([sort keys %$c], [sort qw(iss iat exp jti policy policy_version policy_hash level categories status),
            $path eq '/rs/' ? 'aud' : ()], 'it has what it should have and no more');
        is($c->{aud}, 'a', 'the audience') if $path eq '/rs/';
        is("$c->{policy} $c->{policy_version} $c->{policy_hash}", "exempelkommun 2026-11-22 $hash", 'the policy');
        is($c->{level}, $level, 'the level');
        is_deeply([sort @{$c->{categories}}], $categories, 'the categories');
        is($c->{status}, $status, 'the status');
        is($c->{exp} - $c->{iat}, $ttl, 'for how long');
        ok(abs($c->{iat} - $before) <= 2, 'since when');
        unlike(decode_base64url($text), qr/$subject/, 'not who');
    }
}

# used again for half of its time, and no longer

my $first = statement('/rs/');
is(statement('/rs/'), $first, 'the same is sent again');
isnt(statement('/rs/', cookie => $cookie), $first, 'but not for another answer');

my $es = statement('/es/');
my $new = $t->wait_for(sub { my $now = statement('/es/'); $now ne $es && $now }, 3);
ok($new && holds($new, 'ES256'), 'a new one after half of its time');
isnt(claims($new)->{jti}, claims($es)->{jti}, 'with another id');
ok(claims($new)->{iat} - claims($es)->{iat} <= 2, 'before the old one ends');

is(statement('/none/', headers => ['Consent-Assertion', $first]), 'not one', 'where there is none, a client brings none');

done_testing;
