# The recipes of docs/operations.md, as they are printed: call-backs of a login pass byte for byte, and nothing beside them
# does; a portal's own session is asked who she is, and told
# nothing.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });
my $sessions = $t->upstream(sub {
    my ($who) = ($_[0]->header('Cookie') // '') =~ /JSESSIONID=(\w+)/;
    return $who ? { headers => ['X-Subject', $who], body => '' } : { status => 401, body => '' };
}, port => 2);

$t->keys;
$t->policy;

open my $f, '<', "$Consent::Test::ROOT/docs/operations.md" or die "docs/operations.md: $!\n";
my ($section) = join('', <$f>) =~ /^## Login(.*?)^## /ms or die "no section on logging in\n";
my @recipes = $section =~ /^```nginx\n(.*?)^```/msg;
cmp_ok(scalar @recipes, '>=', 2, 'there are recipes');

my $recipes = join "\n", @recipes;
$recipes =~ s{http://portal/session/}{http://127.0.0.1:%%PORT_2%%/session/}g;
$recipes =~ s{http://portal;}{http://127.0.0.1:%%PORT_1%%;}g;

$t->run(<<"EOT");
    %%CONSENT%%
    client_max_body_size 4m;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_3%% http2;
        consent on;

        $recipes

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }

    server {
        listen 127.0.0.1:%%PORT_4%%;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up, $sessions);

# call-backs: what arrives is what arrives through a nginx without us

my %body = (
    'SAML' => 'SAMLResponse=' . join('', map { sprintf 'PHNhbWxwOlJlc3BvbnNl%s%%2B%%2F%%3D', $_ } 1 .. 800) . '&RelayState=%2Fmy+pages%3Fpnr%3D1912',
    'form_post' => 'code=SplxlOBeZQQYbYS6WxSbIA&id_token=eyJhbGciOiJub25lIn0.e30.&state=af0ifjsldkj&email=a%40b&pnr=191212121212',
);
my @browser = ('Origin', 'https://idp.example', 'Referer', 'https://idp.example/sso?pnr=1', 'Sec-Fetch-Site', 'cross-site',
    'Content-Type', 'application/x-www-form-urlencoded', 'Accept', 'text/html', 'Accept-Encoding', 'gzip, br');

for (['/Shibboleth.sso/SAML2/POST', 'SAML'], ['/login/oidc/callback', 'form_post']) {
    my ($path, $kind) = @$_;

    for my $o ([body => $body{$kind}], [chunked => [$body{$kind} =~ /(.{1,1000})/gs]]) {
        my @with = (headers => \@browser, cookie => 'JSESSIONID=abc; pnr=1; _shibstate=2', host => 'portal.example', @$o);

        $t->request('POST', "$path?conversation=e1s1", @with, port => 4);
        my $bare = $up->last->raw;
        my $r = $t->request('POST', "$path?conversation=e1s1", @with);

        is($r->status, 200, "$kind, $o->[0]: it passes");
        is($r->raw =~ s/^Date:.*\n//mr, $t->request('POST', "$path?conversation=e1s1", @with, port => 4)->raw
            =~ s/^Date:.*\n//mr, 'and so does its answer') if $kind eq 'SAML';
        is(($up->requests)[1]->raw, $bare, 'byte for byte');
        $up->clear;
    }

    $t->request('POST', $path, port => 3, version => 2, headers => \@browser, body => $body{$kind});
    is($up->last->body, $body{$kind}, "$kind: over HTTP/2 too");
    $up->clear;

    for my $beside ("$path/", "$path/x", "/x$path", uc $path, "$path;a=1", $path =~ s/.$//r) {
        is($t->request('POST', $beside, headers => \@browser, body => 'pnr=' . $c->value('beside') . '&a=1')->status, 200,
            "$beside is another path");
        is($up->last->body, 'a=1', 'where that does not pass');
        $up->clear;
    }
}

# the portal's own session

my @with = (headers => ['X-Personnummer', $c->value('header'), 'Accept', 'application/json']);
my $query = 'a=1&pnr=' . $c->value('arg');

is($t->get("/my-pages/?$query", @with)->status, 401, 'nobody is logged in');
is($t->get("/my-pages/?$query", @with, cookie => 'JSESSIONID=anna; pnr=' . $c->value('cookie'))->status, 200, 'she is');
is($up->last->uri, '/my-pages/?a=1', 'and has shared nothing');
is($t->get('/_who')->status, 404, 'nobody asks the portal but nginx');
is_deeply([$c->leaks], [], 'no value went anywhere, nor into a log');

done_testing;
