# Without a location for it, our page about reaching a person takes the place of the AI's answer, with the topic chosen; a
# program gets problem details.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $ai = $t->upstream({ headers => ['Content-Type', 'text/html'], body => '<!doctype html><body>from the machine' });

$t->keys;
$t->policy(sub { delete @{$_->{carriers}}{qw(fields json text)} for @{$_[0]{categories}} });

$t->run(<<'EOT');
    %%CONSENT%%
    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_topic arg=topic json=$.topic;
        location / { consent_ai on; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; consent_handoff_pass /desk; }
        location /desk { internal; return 503; }
        location /metrics { consent_metrics allow=127.0.0.1; }
    }
EOT

my @html = ('Accept', 'text/html');
my $r = $t->get('/?topic=complaint', headers => [@html]);

is($r->status, 403, 'a topic for people');
like($r->text, qr/tar en människa hand om, inte en AI/, 'is told to be one');
like($r->text, qr/<option value="complaint" selected>/, 'the topic is chosen');
like($r->text, qr/tel:\+46/, 'with the number');
is($r->header('AI-Disclosure'), undef, 'no machine has made this page');
is($r->header('Cache-Control'), 'no-store', 'nobody keeps it');
like($t->get('/?topic=complaint', headers => [@html, 'Accept-Language', $_->[0]])->text, $_->[1], "in $_->[0]")
    for ['fi', qr/Tämän asian hoitaa ihminen/], ['en', qr/A person takes care of this, not an AI/];

$r = $t->request('POST', '/v1/chat/completions', body => '{"topic":"legal"}',
    headers => ['Content-Type', 'application/json', 'Accept', 'application/json']);
is($r->status, 403, 'a program');
is($r->header('Content-Type'), 'application/problem+json', 'gets problem details');
is($r->json->{type}, '/.privacy/problems/person', 'of a type');
is($r->json->{topic}, 'legal', 'with the topic');
is($r->json->{human}{url}, '/.privacy/human', 'and the way to a person');

my $cookie = $t->decide(level => 'needed', ai => 'none');
$r = $t->get('/', headers => [@html], cookie => $cookie);
is($r->status, 403, 'who wants a person');
like($r->text, qr/<h1>[^<]*människa/, 'gets the way to one');
is(scalar($ai->requests), 0, 'no machine has heard of any of it');
is($t->get('/', headers => [@html])->status, 200, 'others are answered');

my ($said) = $t->get('/?topic=legal', headers => ['Accept', 'application/json'])->json->{code};
like($t->run_ctl('explain', $t->path('store'), $said), qr/leaves its topic to people: it went to a person instead of an AI/, 'the code is explained');
$said = $t->get('/', headers => ['Accept', 'application/json'], cookie => $cookie)->json->{code};
like($t->run_ctl('explain', $t->path('store'), $said), qr/citizen has chosen that only a person answers: it went/, 'also of who wants one');
like($t->get('/metrics')->body, qr/^consent_routed_total 7$/m, 'and they are counted');

$t->quit;
like($t->run_ctl('log', 'show', $t->path('store'), '--type', 'handoff', '--json'),
    qr/"channel":"page".*"status":"offered".*"topic":"legal"/, 'the log has it');

done_testing;
