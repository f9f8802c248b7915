# The signed statement to the upstream: what is in force, checkable, the same for
# everyone with the same answer, and without a citizen in it.

use lib 't/lib';
use Consent::Test;

use Digest::SHA qw(hmac_sha256 sha256_hex);
use JSON::PP;
use MIME::Base64 qw(decode_base64url encode_base64url);

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
my $policy = $t->policy;

my $key = 'a' x 32;

$t->write('assertion.key', "$key\n");
chmod 0600, $t->path('assertion.key');

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_assertion key=%%DIR%%/assertion.key alg=HS256 audience=portal ttl=30s;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /report/ { consent report; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

sub statement {
    my ($head, $claims, $mac) = split /\./, $up->last->header('Consent-Assertion');

    is($mac, encode_base64url(hmac_sha256("$head.$claims", $key)), 'it is signed');
    is_deeply(JSON::PP->new->decode(decode_base64url($head))->{alg}, 'HS256', 'as configured');

    return JSON::PP->new->utf8->decode(decode_base64url($claims));
}

$t->get('/', headers => ['Consent-Assertion', 'forged']);
is(scalar(my @lines = $up->last->header('Consent-Assertion')), 1, 'there is one');

my $s = statement();
is($s->{aud}, 'portal', 'for whom');
is($s->{policy}, 'exempelkommun', 'under which policy');
is($s->{policy_version}, '2026-11-22', 'and version');
is($s->{level}, 'needed', 'the level');
is_deeply($s->{categories}, [], 'the categories');
is($s->{status}, 'none', 'what was decided');
ok($s->{exp} - $s->{iat} <= 30 && $s->{exp} > time, 'for a short time');
ok(!exists $s->{sub}, 'and nobody is named');

my $before = $up->last->header('Consent-Assertion');
$t->get('/');
is($up->last->header('Consent-Assertion'), $before, 'the same answer, the same statement');

my $one = $t->decide(level => 'forms');
$t->get('/', cookie => $one);
$s = statement();
is_deeply([sort @{$s->{categories}}], ['contact', 'identity'], 'what she has granted');
is("$s->{level} $s->{status}", 'forms given', 'her level');

$before = $up->last->header('Consent-Assertion');
$t->get('/', cookie => $t->decide(level => 'forms'));
is($up->last->header('Consent-Assertion'), $before, 'another citizen with the same answer cannot be told from her');

$t->get('/report/', cookie => $one);
is($up->last->header('Consent-Assertion'), undef, 'report says nothing to the upstream');

done_testing();
