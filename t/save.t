# A citizen chooses, and it is in force: the form is taken once it is durable,
# the browser is sent to a page, and every kind of choice means what it says.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->upstream({ body => 'hello' });

$t->run(<<'EOF', workers => 2);
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /forms/ {
            consent on;
            consent_require forms;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

my $c = Consent::Test::Citizen->new($t);

is($c->get('/forms/')->status, 403, 'nothing is granted before');

my $r = $c->choose(level => 'forms', scope => 'session', ai => 'any');

is($r->status, 303, 'the choice is taken');
is($r->header('Location'), '/.privacy/?saved', 'and leads to a page');
like($r->header('Set-Cookie'), qr/^consent=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax$/,
    'the cookie of a visit goes with the browser');

$r = $c->get('/.privacy/?saved');
like($r->text, qr{<title>Sparat}, 'which says so first');
like($r->text, qr{Ditt val nu.*Ifyllda blanketter}s, 'and what is in force');
like($r->body, qr{href="/\.privacy/receipt/[0-9a-f]{32}"}, 'with a receipt');

is($c->get('/forms/')->body, 'hello', 'it is in force at once');
is($c->state->{level}, 'forms', 'and the API says the same');
is($c->state->{status}, 'given', 'given');
ok(!(grep { $c->get('/forms/')->status != 200 } 1 .. 20),
    'whichever worker is asked');

# the first level is a decision like any other

$r = $c->choose(level => 'needed', scope => 'session', ai => 'none');
is($r->status, 303, 'a refusal is taken too');
is($c->state->{status}, 'refused', 'and recorded as one');
is($c->state->{ai}, 'none', 'with who may answer');
is($c->get('/forms/')->status, 403, 'nothing is granted any more');

# category by category

$c->choose(level => 'custom', category => ['contact', 'location'],
    scope => 'session', ai => 'any');
is_deeply($c->state->{categories}, ['contact', 'location'],
    'single items, of an own choice');

$c->choose(level => 'needed', category => ['contact', 'identity'],
    scope => 'session', ai => 'any');
is_deeply($c->state->{categories}, [], 'which alone makes ticks count');

# six months

$r = $c->choose(level => 'contact', scope => 'standing', ai => 'any');
my ($age) = ($r->header('Set-Cookie') // '') =~ /Max-Age=(\d+)/;
ok($age > 175 * 86400 && $age < 190 * 86400, 'a standing choice stays')
    or diag($r->header('Set-Cookie'));
is($c->state->{scope}, 'standing', 'and says so');

# what no form of ours says

for my $bad (['level=nosuch', level => 'nosuch'],
    ['a category that is none', level => 'custom', category => 'nosuch'],
    ['a category that is no choice', level => 'custom', category => 'case'])
{
    my ($what, %fields) = @$bad;
    is($c->choose(%fields, scope => 'session', ai => 'any')->status, 400,
        "$what is refused");
}
is($c->state->{level}, 'contact', 'and changes nothing');

my %form = $c->form($c->get('/.privacy/'));
is($c->request('POST', '/.privacy/', body => 'level=needed', headers =>
    ['Content-Type', 'text/plain'])->status, 415, 'another type of body');
is($c->request('POST', '/.privacy/', body => 'x' x 70_000, headers =>
    ['Content-Type', 'application/x-www-form-urlencoded'])->status, 413,
    'a body too large');
is($c->request('POST', '/.privacy/', chunked => ['x' x 40_000, 'x' x 40_000],
    headers => ['Content-Type', 'application/x-www-form-urlencoded'])->status,
    413, 'whatever its length is called');
is($c->post('/.privacy/', [%form, map { ("f$_", 1) } 1 .. 300])->status, 400,
    'more fields than a form of ours has');

# pieces and a temporary file are one body

$form{pad} = 'x' x 40_000;
$r = $c->post('/.privacy/', [%form, level => 'fitted', scope => 'session',
    ai => 'any']);
is($r->status, 303, 'a form that is spooled to a file is read');
is($c->state->{level}, 'fitted', 'whole');

# a browser that keeps no cookie

my $none = Consent::Test::Citizen->new($t);
$none->choose(level => 'contact', scope => 'session', ai => 'any');
%{$none->{jar}} = ();
like($none->get('/.privacy/?saved')->text, qr{<title>Fel}, 'a browser that '
    . 'keeps no cookie: she is told that nothing is in force');

# back to where she came from, and nowhere else

%form = $c->form(Consent::Test::Citizen->new($t)->get('/forms/?a=1&b=%26'));
is($form{back}, '/forms/?a=1&amp;b=%26', 'the page that was asked for is kept');

for my $back ('//evil.example/', '/\\evil.example', 'https://evil.example/',
    "/x\r\nSet-Cookie: a=b")
{
    my %form = $c->form($c->get('/.privacy/'));
    $r = $c->post('/.privacy/', [%form, level => 'needed', scope => 'session',
        ai => 'any', back => $back]);
    is($r->header('Location'), '/.privacy/?saved', 'another place is not');
}

%form = $c->form($c->get('/.privacy/'));
$r = $c->post('/.privacy/', [%form, level => 'needed', scope => 'session',
    ai => 'any', back => '/forms/?a=1&b=%26']);
is($r->header('Location'), '/.privacy/?saved&back=%2Fforms%2F%3Fa%3D1%26b%3D%2526',
    'and goes with her');
like($c->get($r->header('Location'))->body,
    qr{<a class="button" href="/forms/\?a=1&amp;b=%26"}, 'as a link');

done_testing();
