# An operator's own page around ours, his own stylesheet beside ours, and the
# form still ours.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->write('shell.html', <<'HTML');
<!doctype html><html lang="<!-- consent:language -->"><head><title><!-- consent:title --></title>
<link rel="stylesheet" href="/.privacy/assets/own.css"><!-- consent:head --></head>
<body><header id="municipality">Vår kommun</header><!-- consent:main --><footer id="own">Slut</footer></body></html>
HTML
$t->write('assets/own.css', 'body { color: green }');
$t->write('assets/consent.css', 'body { color: blue }');
$t->write('assets/logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
$t->write('assets/notes.txt', 'not for the world');
$t->write('assets/.hidden.css', 'x');

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ {
            consent_pages shell=%%DIR%%/shell.html assets=%%DIR%%/assets;
        }
    }
EOF

my $c = Consent::Test::Citizen->new($t);
my $r = $c->get('/.privacy/?lang=fi');

like($r->text, qr{^<!doctype html><html lang="fi">.*<header id="municipality">Vår kommun}s,
    'the operator\'s page');
like($r->text, qr{<title>[^<]*Mitä tietoja}, 'with our title');
like($r->text, qr{<footer id="own">Slut</footer></body></html>\s*$}, 'to its end');
ok({ $c->form($r) }->{token}, 'and our form in it');
is($c->choose(level => 'forms', scope => 'session', ai => 'any')->status, 303, 'which works');
like($c->get('/.privacy/nothing')->text, qr{id="municipality"}, 'errors too');

is($c->get('/.privacy/assets/own.css')->body, 'body { color: green }', 'his stylesheet');
like($c->get('/.privacy/assets/own.css')->header('Content-Type'), qr{^text/css}, 'as one');
is($c->get('/.privacy/assets/consent.css')->body, 'body { color: blue }', 'also in the place of ours');
is($c->get('/.privacy/assets/logo.svg')->header('Content-Type'), 'image/svg+xml', 'an image');
is($c->get('/.privacy/assets/logo.svg')->header('X-Content-Type-Options'), 'nosniff', 'that stays one');
is($c->get('/.privacy/assets/icon.svg')->status, 200, 'ours beside it');
is($c->get('/.privacy/assets/notes.txt')->status, 404, 'nothing else');
is($c->get('/.privacy/assets/.hidden.css')->status, 404, 'nothing hidden');

ok($t->error_log =~ /"notes\.txt" in "\S+assets" is not served/, 'and he is told');

done_testing();
