# Nobody but us says what we say: a client's Consent-* headers are dropped in any
# spelling, where consent is on, reported or off.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    map $http_consent_level $mapped { default said; '' nothing; }

    underscores_in_headers on;
    ignore_invalid_headers off;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /report/ { consent report; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { consent off; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /told/ { proxy_set_header X-Told "$http_consent_level"; proxy_pass http://127.0.0.1:%%PORT_1%%; }

        location /read/ {
            set $read "[$http_consent_level][$http_consent_categories]";
            if ($http_consent_level) { return 400; }
            proxy_set_header X-Read $read;
            proxy_set_header X-Mapped $mapped;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ { consent_pages; }
    }
EOF

my @forged = map { ($_, 'fitted') } 'Consent-Level', 'consent-level', 'CONSENT-CATEGORIES', 'Consent_Level', 'consent.level',
    'Consent-Assertion', 'Consent-Policy', 'Consent-Anything', 'Consent-Level';

$t->get('/', headers => ['X-A', 1, @forged, 'X-B', 2]);
my $r = $up->last;
is(join(' ', $r->header('Consent-Level')), 'needed', 'the level is ours alone');
is(join(' ', map { $_ // '' } $r->header('Consent-Categories')), '', 'so are the categories');
is(join(' ', $r->header('Consent-Policy')), 'exempelkommun;2026-11-22', 'and the policy');
is(scalar(grep { /^consent/i && !/^Consent-(?:Level|Categories|Policy)$/ } $r->names), 0, 'nothing else is said');
unlike($r->raw, qr/fitted/, 'nothing of the forged ones is left');
is($r->header('X-A') . $r->header('X-B'), '12', 'the others stay');

for my $where ('/report/', '/off/') {
    $t->get($where, headers => ['X-A', 1, @forged, 'X-B', 2]);
    unlike($up->last->raw, qr/consent/i, "nothing is said at $where");
    is($up->last->header('X-A') . $up->last->header('X-B'), '12', 'the others stay');
}

$t->get('/told/', headers => [@forged]);
is($up->last->header('X-Told'), 'needed', 'variables say what we say');

$t->get('/read/', headers => [@forged]);
is($up->last->header('X-Read'), '[][]', 'set and if in the location read nothing of a client\'s');
unlike($up->last->raw, qr/fitted/, 'nor does anything else');

$t->get('/', port => 2, version => 2, headers => [map { lc } @forged]);
is(join(' ', $up->last->header('Consent-Level')), 'needed', 'HTTP/2');
unlike($up->last->raw, qr/fitted/, 'nothing of the forged ones is left');

for my $n (18 .. 22, 40, 41) {
    $t->get('/', headers => [(map { ("X-F$_", $_) } 1 .. $n), @forged, 'X-Last', 1]);
    is(join(' ', $up->last->header('Consent-Level'), $up->last->header('X-Last')), 'needed 1', "behind $n others");
    unlike($up->last->raw, qr/fitted/, 'nothing of the forged ones is left');
}

$t->get('/', headers => ['Consent', 'x', 'Consents-Level', 'y']);
is($up->last->header('Consents-Level'), 'y', 'a name that only resembles ours stays');

my $cookie = $t->decide(level => 'contact');
$t->get('/', cookie => $cookie, headers => [@forged]);
$r = $up->last;
is(join(' ', $r->header('Consent-Level')), 'contact', 'her own level');
is(join(' ', $r->header('Consent-Categories')), 'contact', 'and categories');

done_testing();
