# The demonstration starts, shows what it promises, and leaves nothing behind.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Demo;

my $t = Consent::Test->new;
my $demo = Consent::Test::Demo->start($t);

like($demo->said, qr{http://127\.0\.0\.1:@{[$t->port(0)]}/\.privacy/},
    'the pages to open are printed');

# the portal

my %lang = ('/' => 'sv', '/fi' => 'fi', '/en' => 'en', '/tjanster' => 'sv',
    '/tjanster/bygglov' => 'sv', '/overklaga' => 'sv', '/assistent' => 'sv');

for (sort keys %lang) {
    my $r = $t->get($_);
    is($r->status, 200, $_);
    like($r->text, qr/<html lang="$lang{$_}">/, "$_ in $lang{$_}");
    like($r->text, qr/<nav data-consent="contact"/,
        "$_ shows the way to a human being");
    like(join(' ', $r->header('Link')), qr/rel="?help/, "$_ and its header");
}

# the most private level

my $r = $t->get('/echo?pnr=19121212-1212&q=tak', cookie => 'a=1; pnr=x; ort=y',
    headers => ['X-Personnummer', '19121212-1212']);
my $echo = $r->json;
is_deeply($echo->{args}, [['q', 'tak']], 'what is not shared is taken out');
is_deeply($echo->{cookies}, { a => 1 }, 'of cookies too');
my %got = map { (lc $_->[0], $_->[1]) } @{$echo->{headers}};
is($got{'consent-level'}, 'needed', 'the portal is told the level');
ok(exists $got{'consent-assertion'}, 'with a signed statement');
ok(!exists $got{'x-personnummer'}, 'and without the identity');

$r = $t->get('/mina-sidor', headers => ['Accept', 'text/html']);
isnt($r->status, 200, 'my pages need more');
like($r->text, qr/Personnummer/, 'and say what');

is_deeply([map { /^(\w+)=/ } $t->get('/logga-in')->header('Set-Cookie')],
    ['JSESSIONID'], 'log-in leaves only what is necessary');

is($t->get('/bygglov/ansok')->status, 200, 'the form is open to everybody');
my @form = (form => [namn => 'Tolvan', personnummer => '19121212-1212',
    beskrivning => 'Ett uterum'], headers => ['Accept', 'text/html',
    'Origin', 'http://127.0.0.1:' . $t->port(0)]);
$r = $t->request('POST', '/bygglov/ansok', @form);
is($r->status, 403, 'what it holds is not passed on unseen');
like($r->text, qr/den här gången.*Personnummer|Personnummer.*den här gången/s, 'she is asked first');

# the assistant

$r = $t->get('/assistent');
like($r->text, qr/data-consent="notice".*Du chattar med en AI/s,
    'the assistant says what it is');
$r = $t->get('/assistent/chat?fraga=uterum');
like($r->text, qr/data-consent="notice".*skapad av AI.*15 kvadratmeter/s,
    'and so do its answers');
like($r->header('AI-Disclosure'), qr/mode=machine-generated/,
    'also to machines');
$r = $t->get('/assistent/chat?lang=fi&fraga=lumi',
    headers => ['Accept', 'application/json']);
like($r->json->{svar}, qr/aura/, 'a program gets JSON');
ok($r->header('AI-Disclosure'), 'that is marked in its headers');
is($t->get('/.privacy/human')->status, 200, 'the way to a human being');

# after a choice

my $cookie = $t->decide(level => 'forms');
is_deeply($t->get('/echo?pnr=1&ort=2', cookie => $cookie)->json->{args},
    [['pnr', 1]], 'the level shares what it says, and no more');
$r = $t->get('/mina-sidor', cookie => "$cookie; pnr=19121212-1212");
is($r->status, 200, 'my pages are open');
like($r->text, qr/Hej, 19121212-1212!/, 'and greet');
is(scalar(grep { /^(?:pnr|epost)=/ } $t->get('/logga-in', cookie => $cookie)
    ->header('Set-Cookie')), 2, 'log-in leaves its cookies');
like($t->get('/bygglov/ansok', cookie => "$cookie; pnr=19121212-1212")->text,
    qr/name="personnummer"[^>]* value="19121212-1212"/, 'forms are filled in');

$cookie = $t->decide(cookie => $cookie,
    categories => [qw(contact identity location statistics health)]);
$r = $t->request('POST', '/bygglov/ansok', @form, cookie => $cookie);
is($r->status, 303, 'a form passes once all it may hold is shared');
$r = $t->get($r->header('Location') =~ s{^https?://[^/]+}{}r,
    cookie => $cookie);
like($r->text, qr/BYGG-2026-\d+.*Tolvan.*19121212-1212/s, 'with a receipt');
like($t->request('POST', '/assistent/chat', cookie => $cookie,
    json => { fraga => 'when is the waste collected?' },
    headers => ['Accept', 'application/json'])->json->{svar},
    qr/every other week/, 'and questions too');

# the end

unlike($t->command('cat', glob($t->path('demo') . '/*/access.log')),
    qr/1212-1212/, 'its log tells on nobody');

is($demo->stop('INT'), 0, 'Ctrl-C ends it');
is_deeply([$demo->left], [], 'and nothing is left');

my $again = Consent::Test::Demo->start($t);
is($again->stop('TERM', $again->{pid}), 0, 'TERM to the script alone');
is_deeply([$again->left], [], 'and nothing is left');

# a port that is taken

my $taken = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1,
    LocalPort => $t->port(0), ReuseAddr => 1) or die $!;
ok(!eval { Consent::Test::Demo->start($t) }, 'a port in use');
like($@, qr/could not start on port/, 'is said');
is_deeply([glob($t->path('demo') . '/*')], [], 'and leaves nothing either');

done_testing;
