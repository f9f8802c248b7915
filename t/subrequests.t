# No request that nginx makes of a request gets more than it: mirrors, questions of auth_request, includes, error pages,
# redirects within, named locations, files that are tried.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream(sub {
    my ($q) = @_;
    return { status => 404, body => 'no' } if $q->uri =~ /missing/;
    return { status => 500, body => 'no' } if $q->uri =~ /broken/;
    return { headers => ['X-Accel-Redirect', '/landed/?from=accel&pnr=' . ($q->args // '')], body => '' } if $q->uri =~ /accel/;
    return { headers => ['Content-Type', 'text/html'], body => '<!--# include virtual="/part/?x=1&pnr=$arg_pnr" -->'
        . '<!--# include virtual="/part/?all=1&$args" --><!--# echo var="arg_pnr" default="none" -->|'
        . '<!--# echo var="cookie_pnr" default="none" -->|<!--# echo var="http_x_personnummer" default="none" -->' }
        if $q->uri =~ /page/;
    return { body => '[part]' };
});

# a second one that only ever sees what was made of a request
my $made = $t->upstream({ body => 'made' }, port => 2);

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%
    proxy_intercept_errors on;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { consent off; proxy_pass http://127.0.0.1:%%PORT_1%%; }

        location /mirror/ { mirror /copy; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location = /copy { internal; proxy_pass http://127.0.0.1:%%PORT_2%%$request_uri; }
        location /mirror-off/ { mirror /copy-off; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location = /copy-off { internal; consent off; proxy_pass http://127.0.0.1:%%PORT_2%%$request_uri; }
        location /off/mirror/ { consent off; mirror /copy; proxy_pass http://127.0.0.1:%%PORT_1%%; }

        location /asks/ { auth_request /ask; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location = /ask {
            internal;
            proxy_set_header X-Uri $request_uri;
            proxy_set_header X-Cookie $http_cookie;
            proxy_set_header X-Person $http_x_personnummer;
            proxy_pass http://127.0.0.1:%%PORT_2%%/ask?pnr=$arg_pnr&$args;
        }

        location /ssi/ { ssi on; ssi_silent_errors on; proxy_pass http://127.0.0.1:%%PORT_1%%/page; }
        location /part/ { proxy_pass http://127.0.0.1:%%PORT_2%%; }
        location /wrapped/ { add_before_body /part/?before; add_after_body /part/?after; addition_types *;
            proxy_pass http://127.0.0.1:%%PORT_1%%; }

        location /missing/ { error_page 404 = /landed/?why=missing&pnr=$arg_pnr&$args; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /broken/ { error_page 500 = @named; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /accel/ { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /tried/ { try_files /nothing$uri /nothing$uri/ @named; }
        location /tried-uri/ { try_files /nothing$uri /landed/$request_uri; }
        location /rewritten/ { rewrite ^ /landed/?arg=$arg_pnr&uri=$request_uri last; }
        location /if/ { error_page 418 = @named; if ($args ~ a) { return 418; } }
        location /from-off/ { consent off; rewrite ^ /landed/ last; }
        location /error-off/ { consent off; error_page 418 = @named; return 418; }
        location /to-off/ { rewrite ^ /off-landed/ last; }
        location /off-landed/ { consent off; proxy_pass http://127.0.0.1:%%PORT_2%%; }
        location /landed/ { proxy_pass http://127.0.0.1:%%PORT_2%%; }
        location @named { proxy_set_header X-Uri $request_uri; proxy_pass http://127.0.0.1:%%PORT_2%%; }

        location /.privacy/ { consent_pages; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $made);

# What the second upstream was sent for this URI.
sub made {
    my ($uri, $status, $cookie) = @_;

    $made->clear;
    my $r = $t->get("$uri?a=1&pnr=" . $c->value("$uri arg"),
        cookie => join('; ', 'b=2', 'pnr=' . $c->value("$uri cookie"), $cookie // ()),
        headers => ['X-Personnummer', $c->value("$uri header"), 'Referer', 'http://x/y?z=1&pnr=' . $c->value("$uri referer"),
            'X-C', 3]);
    is($r->status, $status // 200, "$uri is answered");

    $t->wait_for(sub { $made->requests }, 2) or fail("$uri: nothing was made of it");
    is_deeply([map { "$uri $_" } map { $c->found("$_") } $made->requests], [], "nothing in what is made of $uri");

    return $made->last;
}

for my $uri ('/mirror/', '/mirror-off/', '/asks/', '/missing/', '/broken/', '/accel/', '/tried/x', '/tried-uri/x', '/rewritten/',
    '/if/', '/to-off/', '/wrapped/', '/off/mirror/', '/from-off/', '/error-off/')
{
    my $q = made($uri);
    is($q->header('Cookie'), 'b=2', 'which still has the other cookie');
    is($q->header('X-C'), 3, 'the other header');
    is($q->header('Referer'), 'http://x/y?z=1', 'and where it came from');
}

like($t->get('/mirror/?a=1')->body, qr/part/, 'what asked for a copy has its own answer');

my $q = made('/ssi/');
my $body = $t->get('/ssi/?a=1&pnr=' . $c->value('echo'), cookie => 'pnr=' . $c->value('echo'))->body;
is($body, 'mademadenone|none|none', 'an include has nothing either');
is_deeply([sort map { $_->uri } ($made->requests)[-2, -1]], ['/part/?all=1&a=1', '/part/?x=1'], 'nor does what includes ask for');

# where consent is off, what is passed on there is whole

$up->clear;
$t->get('/off/mirror/?a=1&pnr=1912', cookie => 'pnr=1913');
is($up->last->uri . ' ' . $up->last->header('Cookie'), '/off/mirror/?a=1&pnr=1912 pnr=1913', 'only the copy is less');

is_deeply([grep { !/\/off|-off/ } $c->leaks], [], 'no value of the rest went anywhere, nor into a log');

# after a decision all of them get what she shares

my $cookie = $t->decide(level => 'forms');

for my $uri ('/mirror/', '/asks/', '/broken/', '/tried/x', '/wrapped/', '/to-off/') {
    $made->clear;
    $t->get("$uri?a=1&pnr=1912", cookie => "pnr=1913; $cookie", headers => ['X-Personnummer', 1914]);
    $t->wait_for(sub { $made->requests }, 2);
    my $q = $made->last;
    is(join('|', ($q->header('Cookie') // '') =~ s/; consent=.*//r, $q->header('X-Personnummer')), 'pnr=1913|1914', "$uri has what she shares");
}

done_testing;
