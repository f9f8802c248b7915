# Where a category is a public task on some paths, it passes there without having been asked for, and nowhere else, however
# the path is written.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

# at level info nginx itself logs requests that it cannot read, before any module

$t->run(<<'EOT', level => 'notice');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        merge_slashes off;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /sent/ { rewrite ^/sent/(.*)$ /overklaga/$1 last; }
        location /overklaga/away { rewrite ^ /elsewhere/ last; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up);

sub ask {
    my ($path, $value) = @_;

    return $t->http("GET $path?a=1&pnr=$value&email=" . $c->value("email $path") . " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        . "Cookie: b=2; pnr=$value; epost=" . $c->value("epost $path") . "\r\nX-Personnummer: $value\r\n\r\n");
}

for my $path ('/overklaga/', '/overklaga/nytt', '/overklaga/a/b/c', '/overklaga', '/overklaga/f%C3%B6r%20mig.html') {
    is(ask($path, 1912)->status, 200, "$path is answered");
    my $q = $up->last;
    is(join('|', $q->uri, $q->header('Cookie'), $q->header('X-Personnummer')), "$path?a=1&pnr=1912|b=2; pnr=1912|1912",
        'what the task needs passes');
    is($q->header('Consent-Categories'), '', 'though she has granted nothing');
}

for my $path ('/', '/overklag', '/overklagan/', '/Overklaga/', '/OVERKLAGA/x', '/x/overklaga/', '/overklaga/../x', '/overklaga/./../x',
    '/overklaga/%2e%2e/x', '/overklaga/%2E./x', '/overklaga/..%2fx', '/overklaga/a/../../x', '//overklaga/', '/overklaga;/',
    '/overklaga//../../x', '/sent/x', '/overklaga/..;/x', '/overklaga/..%5cx', '/overklaga/..\\x', '/overklaga/%252e%252e/x',
    '/overklaga/%2e%2e;/x', '/overklaga/.%u002e/x', '/overklaga/%c0%ae%c0%ae/x', '/overklaga/..%c0%afx', '/overklaga//x', '/overklaga/;x/y',
    '/overklaga/...%20/x', '/overkl%61ga/x', '/x/../overklaga/y', '/overklaga/x#/../../y')
{
    my $status = ask($path, $c->value($path))->status;
    like($status, qr/^(?:200|400)$/, "$path: $status");
}

is(ask('/overklaga/away', 1912)->status, 200, 'a location sends it on');
is($t->get('/person/1912')->status, 403, 'a path of the kind is refused');

$t->get('/', headers => ['Referer', 'http://x/overklaga/?pnr=' . $c->value('referer')]);

is_deeply([$c->leaks], [], 'nothing else passes, nor anything in another place');

done_testing;
