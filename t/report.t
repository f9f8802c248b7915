# consent report: everything is computed and counted, and not a byte is changed.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ headers => ['Content-Type', 'text/html', 'ETag', '"abc"'],
    body => '<!doctype html><html><head><title>x</title></head><body>x</body></html>' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent report;
            consent_ai on;
            consent_require forms;
            add_header X-Withheld "$consent_withheld" always;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /over/ { consent report until=2020-01-01; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /bare/ { proxy_http_version 1.1; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /metrics { consent_metrics allow=127.0.0.1; }
        location /.privacy/ { consent_pages; }
    }
EOF

sub counted {
    my $text = $t->get('/metrics')->body;

    return map { my $name = $_; $text =~ /^consent_${name}(?:_total)?(?:\{[^}]*\})? (\d+)$/m ? $1 : die "no $name in $text" } @_;
}

my @counters = qw(would_withhold would_require would_refuse unknown_names);
my @before = counted(@counters);

my @with = (cookie => 'a=1; pnr=198001011234; b=2', headers => ['X-Personnummer', 1, 'Referer', '/x?pnr=1',
    'X-HTTP-Method-Override', 'PUT', 'Accept-Encoding', 'gzip', 'If-None-Match', '"abc"', 'Sec-GPC', 1],
    body => 'pnr=198001011234');

$t->request('POST', '/bare/?pnr=1&q=2', @with);
my $bare = $up->last->raw;

my $r = $t->request('POST', '/?pnr=1&q=2', @with);
is($up->last->raw =~ s{^POST /\?}{POST /bare/?}r, $bare, 'the request arrives as it came, body and all');
is($r->status, 200, 'nothing is required');
is($r->header('ETag'), '"abc"', 'no header of the response is changed');
unlike($r->raw, qr/data-consent|AI-Disclosure|rel="help"/, 'nor is anything added');
is($r->header('X-Withheld'), 'identity', 'what would have been withheld is known');

$t->get('/person/198001011234');
is($up->last->uri, '/person/198001011234', 'a protected path passes');

my @after = counted(@counters);
is($after[0] - $before[0], 1, 'one request would have been made less');
is($after[1] - $before[1], 2, 'two would have been asked for more');
is($after[2] - $before[2], 2, 'one body and one path would have been refused');
is($after[3] - $before[3], 2, 'two cookies are unknown to the policy');

# a signal takes nothing away from what stands in the store

my $given = $t->decide(level => 'fitted');
$t->get('/', cookie => $given, headers => ['Sec-GPC', 1, 'ADPC', 'withdraw=*']);
select undef, undef, undef, 0.3;
is($t->get('/.privacy/api/v1/state', cookie => $given)->json->{level}, 'fitted', 'a signal writes nothing');

$t->get('/over/?pnr=1&q=2');
is($up->last->uri, '/over/?q=2', 'it ends by itself');

done_testing();
